/// One supervised process tree per job, of which nothing survives: not the job's end, not a stop,
/// not `kill -9` of the worker. Start reading at [ProcessSupervisor].
///
/// Three things together find what belongs to a job, since agents put their tools in process groups
/// of their own and daemons leave the tree: descendants, the job's session, and the marker variable
/// ([ExecutionMarker]) in the environment that every descendant inherits.
@NullMarked
package dev.aidp.worker.process;

import org.jspecify.annotations.NullMarked;
