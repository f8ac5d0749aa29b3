package dev.aidp.db.prune;

import java.util.List;

/// A table whose rows go with the jobs or runs that they belong to.
///
/// @param name what its rows are called in counts
/// @param table with its schema
/// @param belongs which rows `t` go, in terms of the arrays `gone.jobs` (bigint) and `gone.runs`
///   (uuid)
record HistoryTable(String name, String table, String belongs) {

  /// In the order in which rows go, those that others lead to last. A new table with rows of jobs
  /// or runs is a line here; a test finds one that is missing.
  static final List<HistoryTable> ALL =
      List.of(
          new HistoryTable(
              "logs",
              "aidp.job_logs",
              "t.execution_id = any (array(select e.id from aidp.executions e where e.job_id = any"
                  + " (gone.jobs)))"),
          new HistoryTable("executions", "aidp.executions", "t.job_id = any (gone.jobs)"),
          new HistoryTable(
              "dependencies",
              "aidp.job_dependencies",
              "t.job_id = any (gone.jobs) or t.depends_on_id = any (gone.jobs)"),
          new HistoryTable("outputs", "aidp.node_outputs", "t.job_id = any (gone.jobs)"),
          new HistoryTable("fanOuts", "aidp.fan_outs", "t.job_id = any (gone.jobs)"),
          new HistoryTable("approvals", "aidp.approvals", "t.job_id = any (gone.jobs)"),
          new HistoryTable("holds", "aidp.workspace_holds", "t.job_id = any (gone.jobs)"),
          new HistoryTable("runLogs", "aidp.run_logs", "t.run_id = any (gone.runs)"),
          new HistoryTable("jobs", "aidp.jobs", "t.id = any (gone.jobs)"),
          new HistoryTable("runs", "aidp.pipeline_runs", "t.id = any (gone.runs)"));

  private static final String GONE = " (select ?::bigint[] as jobs, ?::uuid[] as runs) gone ";

  String count() {
    return "select count(*) from " + table + " t," + GONE + "where " + belongs;
  }

  String delete() {
    return "delete from " + table + " t using" + GONE + "where " + belongs;
  }
}
