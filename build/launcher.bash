# The slower half of the launcher (aidp), which sources it when a JDK has to be searched for, something
# has to be built, or a build is started for the first time. Variables: see there.
# shellcheck shell=bash

# --- finding a JDK -------------------------------------------------------------------------------

# The first JDK 25, else the first newer one.
search_jdk() {
  local l_candidate l_newer= l_seen= l_on_path l_line
  l_on_path=$(type -P java)
  while [ -L "$l_on_path" ]; do
    l_line=$(readlink "$l_on_path")
    case $l_line in /*) l_on_path=$l_line ;; *) l_on_path=${l_on_path%/*}/$l_line ;; esac
  done
  # macOS has a stub there that asks its user to install Java.
  case $l_on_path in /usr/bin/java) l_on_path= ;; esac
  l_on_path=${l_on_path%/bin/java}
  for l_candidate in "$l_on_path" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/*jdk* /opt/*/*jdk* \
    /usr/local/*jdk* "$l_user_home"/.sdkman/candidates/java/* "$l_user_home"/.jdks/* \
    "$l_user_home"/.gradle/jdks/* "$l_user_home"/.jbang/cache/jdks/* \
    "$l_user_home"/.local/share/mise/installs/java/* "$l_user_home"/.asdf/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$l_user_home"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$l_user_home"/.jdks/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    consider_jdk && return
  done
  if [ -r "$l_user_home/.m2/toolchains.xml" ]; then
    while IFS= read -r l_line; do
      case $l_line in
        *'<jdkHome>'*'</jdkHome>'*)
          l_candidate=${l_line#*<jdkHome>}
          l_candidate=${l_candidate%%</jdkHome>*}
          consider_jdk && return
          ;;
      esac
    done <"$l_user_home/.m2/toolchains.xml"
  fi
  l_java_home=$l_newer
  [ -n "$l_java_home" ] && is_jdk "$l_java_home" && return
  fail "needs a JDK 25 or newer, and found none" \
    "Why: a checkout of aidp is compiled, and runs, on Java 25." \
    "Found: ${l_seen:-no Java at all}" \
    "Install one:" \
    "  Debian, Ubuntu  apt install openjdk-25-jdk" \
    "  Fedora          dnf install java-25-openjdk-devel" \
    "  macOS           brew install openjdk@25" \
    "  anywhere        https://adoptium.net/temurin/releases/?version=25" \
    "If it is installed, say where: AIDP_JAVA_HOME=/path/to/jdk $l_launcher"
}

# True if l_candidate is a JDK 25, which is then l_java_home; remembers a newer one.
consider_jdk() {
  [ -n "$l_candidate" ] && [ -d "$l_candidate" ] || return 1
  if is_jdk "$l_candidate"; then
    l_java_home=$l_candidate
    [ "$l_java_major" -eq 25 ] && return
    l_newer=${l_newer:-$l_candidate}
  elif [ -n "$l_java_version" ]; then
    l_seen="${l_seen:+$l_seen, }$l_candidate ($l_java_version)"
  fi
  return 1
}

# --- building ------------------------------------------------------------------------------------

hash_sources() {
  local l_sum
  l_sum=$({
    printf '%s %s %s %s\n' "$l_recipe" "$l_program" "$HOSTTYPE" "${OSTYPE%%[0-9]*}"
    (list_sources "$1" hashes) | LC_ALL=C sort
  } | if type -P sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi)
  l_hash=${l_sum:0:16}
  [ ${#l_hash} -eq 16 ] || fail "cannot hash the sources in $1" \
    "It takes sha256sum or shasum. Install coreutils (Linux) or perl (macOS)."
}

# Tells a process from a later one of the same number.
identify_process() {
  local l_stat
  if [ -d /proc/self ]; then
    { IFS= read -r l_stat <"/proc/$1/stat"; } 2>/dev/null || return 1
    l_stat=${l_stat##*) }
    # shellcheck disable=SC2086
    set -- "$1" $l_stat
    printf '%s %s' "$1" "${21}"
  else
    l_stat=$(LC_ALL=C ps -o lstart= -p "$1" 2>/dev/null) && [ -n "$l_stat" ] || return 1
    printf '%s %s' "$1" "$l_stat"
  fi
}

is_alive() {
  local l_now
  [ -n "${1%% *}" ] && l_now=$(identify_process "${1%% *}") && [ "$l_now" = "$1" ]
}

# One build at a time for all checkouts, as Maven's local repository is not made for two at once.
# The lock is a symbolic link, since making one is atomic and it holds its owner from the start.
take_lock() {
  local l_owner l_told= l_me
  l_me=$(identify_process $$) || l_me="$$ "
  while ! ln -s "$l_me" "$l_builds/lock" 2>/dev/null; do
    if ! l_owner=$(readlink "$l_builds/lock"); then
      [ -w "$l_builds" ] || fail "cannot write to $l_builds" \
        "Builds are kept there. Set AIDP_HOME to a directory that you can write to."
    elif ! is_alive "$l_owner"; then
      if mv -- "$l_builds/lock" "$l_builds/lock.$$" 2>/dev/null; then
        # Another may have taken the lock over since we looked: then it gets it back.
        [ "$(readlink "$l_builds/lock.$$")" = "$l_owner" ] ||
          ln -s "$(readlink "$l_builds/lock.$$")" "$l_builds/lock" 2>/dev/null
        rm -f -- "$l_builds/lock.$$"
      fi
      continue
    elif [ -z "$l_told" ]; then
      say "waiting for another aidp (process ${l_owner%% *}), which is building"
      l_told=1
    fi
    sleep 0.2
    [ ! -d "$l_builds/$l_hash/lib" ] || return 1
  done
  l_locked=1
}

drop_build() {
  [ -z "${l_maven_pid:-}" ] || kill "$l_maven_pid" 2>/dev/null
  [ -z "${l_tmp:-}" ] || rm -rf -- "$l_tmp" 2>/dev/null
  [ -z "${l_locked:-}" ] || rm -f -- "$l_builds/lock"
  l_maven_pid= l_tmp= l_locked=
}

stop_build() {
  trap - INT TERM HUP
  clear_progress
  say "interrupted while building; the next start builds again"
  # Maven goes first: it would go on writing to the folder that is removed.
  if [ -n "${l_maven_pid:-}" ]; then
    kill "$l_maven_pid" 2>/dev/null
    wait "$l_maven_pid" 2>/dev/null
    l_maven_pid=
  fi
  drop_build
  exit "$1"
}

# What builds that were killed left behind, their Maven included.
recover_builds() {
  local l_left l_maven
  for l_left in "$l_builds"/tmp.*; do
    [ -d "$l_left" ] || continue
    l_maven=
    [ ! -r "$l_left/maven.pid" ] || IFS= read -r l_maven <"$l_left/maven.pid"
    if is_alive "$l_maven"; then
      kill "${l_maven%% *}" 2>/dev/null
      while is_alive "$l_maven"; do sleep 0.1; done
    fi
    rm -rf -- "$l_left" 2>/dev/null
  done
}

locate_maven() {
  local l_candidate l_version l_seen=
  for l_candidate in "${MAVEN_HOME:+$MAVEN_HOME/bin/mvn}" "${M2_HOME:+$M2_HOME/bin/mvn}" \
    "$(type -P mvn)" "$l_user_home"/.sdkman/candidates/maven/current/bin/mvn \
    /opt/homebrew/bin/mvn /usr/local/bin/mvn /usr/share/maven/bin/mvn /opt/*maven*/bin/mvn \
    "$l_user_home"/.m2/wrapper/dists/*/*/*/bin/mvn \
    "$l_user_home"/.local/share/mise/installs/maven/*/bin/mvn; do
    [ -n "$l_candidate" ] && [ -f "$l_candidate" ] && [ -x "$l_candidate" ] || continue
    l_version=$(JAVA_HOME=$l_java_home "$l_candidate" -B -Dstyle.color=never --version 2>/dev/null)
    case $l_version in *'Apache Maven '*) ;; *) continue ;; esac
    l_version=${l_version#*Apache Maven }
    l_version=${l_version%%[!0-9.]*}
    case $l_version in
      [12].* | 3.[0-7].* | 3.[0-7]) l_seen="${l_seen:+$l_seen, }$l_candidate ($l_version)" ;;
      *)
        l_maven=$l_candidate
        return
        ;;
    esac
  done
  fail "needs Maven 3.8 or newer to build this checkout, and found ${l_seen:-none}" \
    "Why: aidp is compiled on first use and whenever its sources changed." \
    "Install it: apt install maven · dnf install maven · brew install maven," \
    "or unpack https://maven.apache.org/download.cgi and put its bin directory on the PATH."
}

show_progress() {
  [ -t 2 ] || return 0
  printf '\r\033[Kaidp: building · %s · %d s' "$1" $((SECONDS - l_began)) >&2
}

clear_progress() { [ ! -t 2 ] || printf '\r\033[K' >&2; }

# Follows Maven's log until Maven ends; returns its exit code.
follow_maven() {
  local l_line l_step=starting l_downloads=0 l_module=
  exec 7<"$l_tmp/build.log"
  while kill -0 "$l_maven_pid" 2>/dev/null; do
    while IFS= read -r l_line <&7; do
      case $l_line in
        *'Downloaded from '*) l_downloads=$((l_downloads + 1)) ;;
        *'--- '*' @ '*' ---'*)
          l_module=${l_line##* @ }
          l_step=${l_line#*--- }
          l_step=${l_step%% (*}
          l_step="${l_module%% *}: ${l_step##*:}"
          ;;
      esac
    done
    if [ "$l_downloads" -gt 0 ]; then
      show_progress "$l_step · $l_downloads files downloaded"
    else
      show_progress "$l_step"
    fi
    sleep 0.2
  done
  exec 7<&-
  wait "$l_maven_pid"
}

build() {
  local l_module l_pom l_status l_first=" (first start; Maven may have to download libraries)"
  locate_maven
  take_lock || return 0
  trap 'stop_build 130' INT
  trap 'stop_build 143' TERM
  trap 'stop_build 129' HUP
  trap drop_build EXIT
  recover_builds
  if [ -d "$l_builds/$l_hash/lib" ]; then
    release_build
    return
  fi
  for l_module in "$l_builds"/*/lib; do [ ! -d "$l_module" ] || l_first=" (sources changed)"; done
  [ -t 2 ] || say "building from $l_root$l_first"
  l_began=$SECONDS
  l_tmp=$l_builds/tmp.$$
  show_progress "copying the sources$l_first"
  # A copy, so that it never meets the developer's own build in target/; named by what was copied.
  mkdir -p -- "$l_tmp/src/.mvn" "$l_tmp/src/build" "$l_tmp/out/lib" &&
    cp -- "$l_root/pom.xml" "$l_tmp/src/" &&
    cp -- "$l_root/build/RaiseClassFiles.java" "$l_tmp/src/build/" ||
    fail "cannot copy the sources to $l_tmp"
  for l_pom in "$l_root"/*/pom.xml; do
    l_module=${l_pom%/pom.xml}
    l_module=${l_module##*/}
    mkdir -p -- "$l_tmp/src/$l_module/src" && cp -- "$l_pom" "$l_tmp/src/$l_module/" ||
      fail "cannot copy $l_pom to $l_tmp"
    case " $l_modules " in
      *" $l_module "*)
        [ ! -d "$l_root/$l_module/src/main" ] ||
          cp -R -- "$l_root/$l_module/src/main" "$l_tmp/src/$l_module/src/" ||
          fail "cannot copy the sources of $l_module to $l_tmp"
        ;;
    esac
  done
  chmod -R u+rwX -- "$l_tmp/src"
  hash_sources "$l_tmp/src"
  # There are no tests in the copy: without what only they need, a first build downloads less.
  for l_pom in "$l_tmp"/src/*/pom.xml; do
    sed '/<dependency>.*<scope>test<\/scope>.*<\/dependency>/d' "$l_pom" >"$l_tmp/pom.xml" &&
      cat "$l_tmp/pom.xml" >"$l_pom"
  done
  if [ ! -d "$l_builds/$l_hash/lib" ]; then
    : >"$l_tmp/build.log"
    (
      trap - INT TERM HUP EXIT
      CDPATH= cd -- "$l_tmp/src" || exit 1
      # Maven runs on the JDK that was found, so it needs no toolchain and no compiler process, and
      # is gone before C2 has paid off.
      JAVA_HOME=$l_java_home MAVEN_BASEDIR=$l_tmp/src MAVEN_PROJECTBASEDIR=$l_tmp/src \
        MAVEN_OPTS="-XX:TieredStopAtLevel=1 ${MAVEN_OPTS:-}" \
        exec "$l_maven" -B -Dstyle.color=never -Dquick -DskipTests -Denforcer.skip \
        -Dtoolchain.skip -Dmaven.compiler.fork=false -Dmaven.compiler.failOnWarning=false \
        -pl "$l_program" -am package dependency:copy-dependencies -DincludeScope=runtime \
        -DoutputDirectory="$l_tmp/out/lib"
    ) </dev/null >"$l_tmp/build.log" 2>&1 &
    l_maven_pid=$!
    identify_process "$l_maven_pid" >"$l_tmp/maven.pid"
    follow_maven
    l_status=$?
    l_maven_pid=
    clear_progress
    if [ "$l_status" -ne 0 ]; then
      report_failure "$l_status"
      exit 1
    fi
    finish_build
  fi
  release_build
  prune_builds
}

report_failure() {
  local l_log=$l_builds/failed-build.log
  mv -f -- "$l_tmp/build.log" "$l_log"
  say "the build failed (Maven's exit code $1):"
  if grep -q '^\[ERROR\]' "$l_log"; then
    # Paths as the developer knows them; Maven's advice on its own options is of no use here.
    grep '^\[ERROR\]' "$l_log" | grep -v -e '^\[ERROR\] *$' -e '[Rr]e-run Maven' -e '\[Help 1\] http' \
      -e 'please read the following articles' -e '^\[ERROR\] After correcting' \
      -e 'mvn <args>' | awk -v from="$l_tmp/src/" -v to="$l_root/" '{
        line = ""; rest = $0
        while ((i = index(rest, from)) > 0) {
          line = line substr(rest, 1, i - 1) to; rest = substr(rest, i + length(from))
        }
        print "  " line rest
      }' | head -n 40 >&2
  else
    tail -n 20 "$l_log" | sed 's/^/  /' >&2
  fi
  printf '  %s\n' "The whole log: $l_log" >&2
  if grep -q -e 'Could not transfer' -e 'Unknown host' -e 'Could not resolve dependencies' "$l_log"; then
    printf '  %s\n' "A first build downloads libraries: check the network, or the mirror and proxy in ~/.m2/settings.xml." >&2
  fi
}

finish_build() {
  local l_jar l_raised=$l_tmp/raised.jar
  for l_jar in "$l_tmp/src/$l_program"/target/*.jar; do
    case $l_jar in *-tests.jar | *-sources.jar | *-javadoc.jar) ;; *) cp -- "$l_jar" "$l_tmp/out/lib/" ;; esac
  done
  # Without it only the start is slower, so a failure does not matter.
  for l_jar in "$l_tmp/out/lib"/picocli-[0-9]*.jar; do
    [ -f "$l_jar" ] && cp -- "$l_jar" "$l_raised" &&
      "$l_java_home/bin/java" -XX:TieredStopAtLevel=1 "$l_tmp/src/build/RaiseClassFiles.java" \
        "$l_raised" >/dev/null 2>&1 && mv -f -- "$l_raised" "$l_jar"
  done
  share_jars
  : >"$l_tmp/out/used"
  mv -- "$l_tmp/out" "$l_builds/$l_hash" || fail "cannot move the build to $l_builds/$l_hash"
}

# Most jars are those of the build before: as hard links they cost no disk.
share_jars() {
  local l_jar l_last
  l_last=$(CDPATH= cd -- "$l_builds" && ls -t -- */used 2>/dev/null | head -n 1)
  [ -n "$l_last" ] || return 0
  for l_jar in "$l_builds/${l_last%/used}"/lib/*.jar; do
    ! cmp -s -- "$l_jar" "$l_tmp/out/lib/${l_jar##*/}" ||
      ln -f -- "$l_jar" "$l_tmp/out/lib/${l_jar##*/}" 2>/dev/null
  done
}

release_build() {
  drop_build
  trap - INT TERM HUP EXIT
}

# Keeps the last three, those whose name is in a command line of this machine, and those used today,
# which a container that shares AIDP_HOME may be running: a worker touches <build>/used now and then.
prune_builds() {
  local l_old l_kept=0 l_running
  if [ -d /proc/self ]; then
    l_running=$(cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -F "$l_builds/")
  else
    l_running=$(ps -axww -o args= 2>/dev/null | grep -F "$l_builds/")
  fi
  # shellcheck disable=SC2012 # only <hash>/used: nothing in these names needs care
  (CDPATH= cd -- "$l_builds" && ls -t -- */used 2>/dev/null) | while IFS= read -r l_old; do
    l_old=${l_old%/used}
    l_kept=$((l_kept + 1))
    [ "$l_kept" -gt 3 ] || continue
    case $l_running in *"$l_builds/$l_old/"*) continue ;; esac
    [ -n "$(find "$l_builds/$l_old/used" -mtime +0 2>/dev/null)" ] || continue
    # Renamed first: a start never sees half a build.
    mv -- "$l_builds/$l_old" "$l_builds/tmp.pruned.$$.$l_old" &&
      rm -rf -- "$l_builds/tmp.pruned.$$.$l_old"
  done
}

# --- before the first start of a build -----------------------------------------------------------

# Java's argument files, where backslash and quote are escaped inside quotes.
write_arguments() {
  local l_jar l_path= l_program_jar= l_aot
  for l_jar in "$l_build"/lib/*.jar; do
    case $l_jar in
      */"$l_program"-[0-9]*.jar) l_program_jar=$l_jar ;;
      *) l_path=$l_path:$l_jar ;;
    esac
  done
  (
    umask 077
    mkdir -p -- "$l_jvm" && rm -rf -- "$l_jvm/classes.aot" "$l_jvm/training" || exit 1
    # The command's last: it tells that both are there.
    for l_kind in worker command; do
      {
        printf '# %s\n' "$l_build"
        # Logging is off for the two tags alone that would report an AOT cache that does not fit.
        printf '%s\n' '-Xlog:aot*=off' '-Xlog:cds*=off' -XX:-UsePerfData \
          --enable-native-access=ALL-UNNAMED -Dfile.encoding=UTF-8 -Dstdout.encoding=UTF-8 \
          -Dstderr.encoding=UTF-8 -Djava.awt.headless=true
        if [ -z "$l_foreign_flags" ]; then
          printf '%s\n' -XX:+UseSerialGC
          l_aot=$l_jvm/classes.aot
          printf -- '-XX:AOTCache="%s"\n' "$(quote "$l_aot")"
        fi
        case $l_kind in
          command) printf '%s\n' -XX:TieredStopAtLevel=1 -Xms16m -Xmx512m ;;
          worker) printf '%s\n' -Xms44m -Xmn24m -XX:SurvivorRatio=4 -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=40 -XX:+ExitOnOutOfMemoryError ;;
        esac
        printf -- '-Daidp.build="%s"\n' "$(quote "$l_build")"
        printf -- '-Daidp.args="%s"\n' "$(quote "$l_jvm/worker.args")"
        printf -- '-cp\n"%s"\n' "$(quote "$l_program_jar$l_path")"
      } >"$l_jvm/$l_kind.$$" && mv -f -- "$l_jvm/$l_kind.$$" "$l_jvm/$l_kind.args" || exit 1
    done
  ) || fail "cannot write to $l_jvm"
}

quote() { printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g'; }

# Makes the AOT cache, detached from this start: nobody waits for it, and it holds nothing open.
train() {
  (
    trap '' HUP INT
    exec </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
    train_now &
  )
}

train_now() {
  local l_aot=$l_jvm/classes.aot
  # One at a time; one that was killed may be tried again after ten minutes.
  if ! mkdir -- "$l_jvm/training"; then
    [ -n "$(find "$l_jvm/training" -maxdepth 0 -mmin +10)" ] || return
    touch -- "$l_jvm/training"
  fi
  CDPATH= cd / || return
  grep -v -e '^-XX:AOTCache=' "$l_jvm/command.args" >"$l_jvm/training/java.args"
  unset AIDP_DATABASE_URL AIDP_DEBUG AIDP_LOG_FILE
  AIDP_AUTO_WORKER=0 nice -n 5 "$l_java_home/bin/java" @"$l_jvm/training/java.args" \
    -XX:AOTCacheOutput="$l_jvm/training/classes.aot" -Daidp.training=true "$l_main" --help
  # Used only if the JVM takes it, and answers the same with it.
  "$l_java_home/bin/java" @"$l_jvm/training/java.args" -XX:AOTMode=on \
    -XX:AOTCache="$l_jvm/training/classes.aot" "$l_main" --version &&
    mv -f -- "$l_jvm/training/classes.aot" "$l_aot"
}
