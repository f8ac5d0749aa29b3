# Runs as: bash -p -c "$(<guardian.sh)" aidp-guardian MODE PIPES, in a session and with an environment of
# its own. MODE is how to read the process table: proc (Linux), bsd or procps (ps).
# PIPES is the directory of the worker's named pipes, deleted at last.
# Must work in bash 3.2, which is what macOS has.
#
# stdin is the lifeline from the worker. A line "SLOT PID START MARKER" registers a job (PID 0: not
# known yet), a line "SLOT" forgets it. At end-of-file the worker is gone, however it died: every
# job still registered is ended, by TERM and 2 to 3 seconds later by KILL, until none is left.

trap '' HUP INT QUIT TERM PIPE USR1 USR2 ALRM TSTP TTIN TTOU
mode=$1
pipes=$2
trap 'rm -r -f -- "$pipes"' EXIT
jobs=()
echo ready
while IFS= read -r line; do
  slot=${line%% *}
  if [ "$slot" = "$line" ]; then unset "jobs[$slot]"; else jobs[$slot]=${line#* }; fi
done
[ "${#jobs[@]}" -gt 0 ] || exit 0

SECONDS=0
markers=()
roots=()
starting=0
for job in "${jobs[@]}"; do
  set -- $job
  markers[${#markers[@]}]=AIDP_EXECUTION=$3
  if [ "$1" -gt 0 ]; then roots[$1]=$2; else starting=1; fi
done

patterns=()
for marker in "${markers[@]}"; do
  patterns[${#patterns[@]}]=-e
  patterns[${#patterns[@]}]=$marker
done

# What was found once stays a target (pid and start), though its parent or environment change.
seen=()
asked=()

# Both fill found, indexed by pid; parent, session and start likewise.
look_proc() {
  local file line pid
  while IFS= read -r line; do
    case $line in
      /proc/*) pid=${line#/proc/}; found[${pid%/environ}]=1 ;;
      # It was there and is gone: perhaps one that flees from fork to fork.
      *'No such'*) missed=1 ;;
    esac
  done < <(grep -l -F "${patterns[@]}" /proc/[0-9]*/environ 2>&1)
  for file in /proc/[0-9]*; do
    pid=${file#/proc/}
    line=
    IFS= read -r -d '' line <"$file/stat"
    # Behind the program's name, which may hold anything: what is no number must not get into a
    # subscript, where bash would evaluate it.
    set -- ${line##*) }
    case $1 in [A-WYa-wy]) ;; *) unset "found[$pid]"; continue ;; esac
    case $2$4${20} in '' | *[!0-9]*) continue ;; esac
    parent[$pid]=$2
    session[$pid]=$4
    start[$pid]=${20}
  done
}

look_ps() {
  local pid up group state command marker options
  if [ "$mode" = bsd ]; then options='-A -E -ww -o pid=,ppid=,pgid=,state=,command='
  else options='-A eww -o pid=,ppid=,pgid=,state=,args='; fi
  while read -r pid up group state command; do
    case $state in Z*) continue ;; esac
    case $pid$up$group in '' | *[!0-9]*) continue ;; esac
    parent[$pid]=$up
    session[$pid]=$group
    start[$pid]=0
    for marker in "${markers[@]}"; do
      case $command in *" $marker"*) found[$pid]=1 ;; esac
    done
  done < <(ps $options)
}

look() {
  local pid changed
  found=() parent=() session=() start=() missed=0
  if [ "$mode" = proc ]; then look_proc; else look_ps; fi
  # A root whose pid is another process by now leads no session of ours.
  for pid in "${!roots[@]}"; do
    if [ "$mode" = proc ] && [ -n "${start[$pid]}" ] \
      && [ "${start[$pid]}" != "${roots[$pid]}" ]; then
      unset "roots[$pid]"
    fi
  done
  for pid in "${!parent[@]}"; do
    if [ -n "${roots[${session[$pid]}]}" ] || [ "${seen[$pid]}" = "${start[$pid]}" ]; then
      found[$pid]=1
    fi
  done
  changed=1
  while [ "$changed" = 1 ]; do
    changed=0
    for pid in "${!parent[@]}"; do
      if [ -z "${found[$pid]}" ] && [ -n "${found[${parent[$pid]}]}" ]; then
        found[$pid]=1
        changed=1
      fi
    done
  done
  unset "found[$$]"
  for pid in "${!found[@]}"; do
    if [ -n "${start[$pid]}" ]; then seen[$pid]=${start[$pid]}; fi
  done
}

# Kills the newest processes that carry a marker, before they can have forked again: a look at all
# takes too long for those that live for milliseconds.
chase() {
  local turn file last list pid
  for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    read -r _ _ _ _ last </proc/loadavg
    list=()
    for ((pid = last; pid > last - 24 && pid > 1; pid--)); do
      list[${#list[@]}]=/proc/$pid/environ
    done
    for file in $(grep -l -F "${patterns[@]}" "${list[@]}"); do
      file=${file#/proc/}
      kill -KILL "${file%/environ}"
    done
  done
}

clean=0
unsure=0
enough=6
while [ "$SECONDS" -lt 60 ]; do
  look
  if [ "${#found[@]}" -eq 0 ]; then
    if [ "$missed" = 0 ]; then clean=$((clean + 1)); else unsure=$((unsure + 1)); fi
    # A process that was being started when the worker died may show its marker a little later.
    # On a busy host no look is sure.
    if [ "$clean" -ge 2 ] || [ "$unsure" -ge "$enough" ]; then
      if [ "$starting" = 0 ] || [ "$SECONDS" -ge 3 ]; then exit 0; fi
    fi
  else
    unsure=0
    clean=0
    for pid in "${!found[@]}"; do
      if [ "$SECONDS" -ge 3 ]; then kill -KILL "$pid"; enough=25
      elif [ -z "${asked[$pid]}" ]; then asked[$pid]=1; kill -TERM "$pid"; fi
    done
  fi
  if [ "$missed" = 1 ] && [ "$SECONDS" -ge 3 ] && [ "$mode" = proc ]; then
    chase
  else
    sleep 0.05
  fi
done
