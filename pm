#!/bin/sh
# Starts the pm app, after building it when it was never built or its sources changed.
#
# Needs a JDK 17 or later (JAVA_HOME, else java on PATH) and, to build, Maven on PATH. Read from the environment:
#   JAVA_HOME           the JDK to build with and to run
#   PM_JAVA_OPTIONS     more options for the JVM, separated by spaces
# Given to the app:
#   -Dpm.home           the folder of this script
#   -Dpm.nowhere=true   only if the caller's working directory is gone, where no JVM can start: the app then starts in /
#   PM_CALLER_LOCALE    set only if the app runs in another locale than its caller: then LC_ALL, LC_CTYPE and LANG as the
#                       caller had them, one NAME=value a line; a name that is missing was not set. The app gives its
#                       children these instead of its own, and not this variable.
#
# How it builds. The sources are copied to target/pm/build.* and built there, so that this build and a developer's own do
# not disturb each other. The jars then move to target/pm/apps/<sum of the sources>; jars there never change, and are
# deleted only when two newer ones exist and no process has a file of it open. Which one to start follows from the sum of
# the sources as they are now, so there is no pointer that could be stale.
#
# A standard stream that is closed is opened before anything else, since the JVM would otherwise get a file of its own there
# and the app's children with it. Standard input is then empty. Standard output and error are opened so that each write
# fails, as it would on a closed one: an answer that nobody gets must not look like one.
#
# Exit code 125: nothing was started, standard error says why. Every other exit code is the app's.
#
# All variables start with pm_, since assigning to a name that the caller exported would change the app's environment.

set -u

command : 3>&2 || exec 2</dev/null
command : 2>/dev/null 3<&0 || exec </dev/null
command : 2>/dev/null 3>&1 || exec 1</dev/null

pm_recipe=1 # part of the sum: to be raised when this script builds something else from the same sources

fail() {
    printf 'pm: %s\n' "$1" >&2
    exit 125
}

# --- Where we are ---------------------------------------------------------------------------------------------------

# Without a program of that name, since PATH may be anything.
folder_of() {
    case $1 in
        */*) printf '%s' "${1%/*}/" ;;
        *) printf . ;;
    esac
}

find_home() {
    pm_script=$1
    while [ -L "$pm_script" ]; do
        pm_target=$(readlink -- "$pm_script") || fail "cannot follow the link $pm_script"
        case $pm_target in
            /*) pm_script=$pm_target ;;
            *) pm_script=$(folder_of "$pm_script")/$pm_target ;;
        esac
    done
    pm_home=$(CDPATH='' cd -- "$(folder_of "$pm_script")" && pwd -P) || fail "cannot find the folder of $1"
    pm_state=$pm_home/target/pm
}

# --- In which directory ---------------------------------------------------------------------------------------------

leave_nowhere() {
    pm_nowhere=
    # It prints nothing there. That the path leads there cannot be asked: a folder on the way may be somebody else's.
    case $(pwd -P 2>/dev/null) in
        /*) return 0 ;;
    esac
    cd / || fail "cannot enter /"
    pm_nowhere=-Dpm.nowhere=true
}

# --- Which Java -----------------------------------------------------------------------------------------------------

find_java() {
    if [ -n "${JAVA_HOME:-}" ]; then
        pm_java_home=$JAVA_HOME
        pm_java=$JAVA_HOME/bin/java
        [ -x "$pm_java" ] || fail "JAVA_HOME is $JAVA_HOME, where there is no bin/java; set it to a JDK 17 or later"
    else
        pm_java=$(command -v java) || fail "there is no java on PATH; install a JDK 17 or later, or set JAVA_HOME"
        pm_real=$(readlink -f -- "$pm_java" 2>/dev/null) || pm_real=$pm_java
        pm_java_home=${pm_real%/bin/java}
    fi
}

# From the file that every JDK has; asking the JVM itself would take as long as starting it.
find_java_release() {
    pm_version=
    if [ -r "$pm_java_home/release" ]; then
        while IFS='=' read -r pm_key pm_value; do
            [ "$pm_key" != JAVA_VERSION ] || pm_version=$pm_value
        done <"$pm_java_home/release"
    fi
    [ -n "$pm_version" ] ||
        pm_version=$("$pm_java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
    pm_version=${pm_version#\"}
    pm_version=${pm_version%\"}
    pm_release=${pm_version%%[!0-9]*}
    [ -n "$pm_release" ] || fail "cannot tell the version of $pm_java"
    [ "$pm_release" -ge 17 ] || fail "$pm_java is Java $pm_version; a JDK 17 or later is needed (set JAVA_HOME)"
}

# --- What is to be started, and whether it is there -----------------------------------------------------------------

choose_parts() {
    if [ "$1" = bench ]; then
        pm_kind=bench
        pm_parts='pm-core pm-sync pm-ipc pm-benchmarks'
    else
        pm_kind=app
        pm_parts='pm-core pm-sync pm-ipc pm-examples'
    fi
}

# A sum over names and content of the sources in a folder: a touched file is no change, a deleted one is.
sum_of() {
    (
        cd -- "$1" || exit 1
        set -- pom.xml
        for pm_part in $pm_parts; do
            set -- "$@" "$pm_part/pom.xml"
            [ ! -d "$pm_part/src/main" ] || set -- "$@" "$pm_part/src/main"
        done
        {
            printf '%s %s\n' "$pm_kind" "$pm_recipe"
            find "$@" -type f ! -name '.*' ! -name '*~' ! -name '#*' -exec cksum {} + | LC_ALL=C sort
        } | cksum
    ) | {
        read -r pm_crc pm_length && printf '%s-%s-%s' "$pm_kind" "$pm_crc" "$pm_length"
    }
}

find_app() {
    pm_sum=$(sum_of "$pm_home") || fail "cannot read the sources in $pm_home"
    pm_app=$pm_state/apps/$pm_sum
    [ -f "$pm_app/classpath" ]
}

# --- One build at a time --------------------------------------------------------------------------------------------

pm_locked=no
pm_maven=

# By flock, whose lock ends with its holder, else by making a folder that names its holder.
lock() {
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$pm_state/lock" || fail "cannot write $pm_state/lock"
        flock 9 || fail "cannot lock $pm_state/lock"
        pm_locked=flock
        return
    fi
    pm_tries=0
    until mkdir -- "$pm_state/lock.d" 2>/dev/null; do
        pm_tries=$((pm_tries + 1))
        [ $pm_tries -lt 900 ] || fail "waited 15 minutes for another build; if there is none, delete $pm_state/lock.d"
        pm_holder=$(cat -- "$pm_state/lock.d/pid" 2>/dev/null)
        if [ -n "$pm_holder" ] && ! kill -0 "$pm_holder" 2>/dev/null; then
            take_from_the_dead "$pm_holder"
        else
            sleep 1
        fi
    done
    pm_locked=folder
    echo $$ >"$pm_state/lock.d/pid"
}

# Of several that find the same holder dead, one moves the folder; whoever moved a newer one by mistake puts it back.
take_from_the_dead() {
    mv -- "$pm_state/lock.d" "$pm_state/lock.d.$$" 2>/dev/null || return 0
    if [ "$(cat -- "$pm_state/lock.d.$$/pid" 2>/dev/null)" = "$1" ]; then
        rm -rf -- "$pm_state/lock.d.$$"
    else
        mv -- "$pm_state/lock.d.$$" "$pm_state/lock.d"
    fi
}

unlock() {
    if [ -n "$pm_maven" ]; then # we were told to end
        kill "$pm_maven" 2>/dev/null
        wait "$pm_maven"
    fi
    case $pm_locked in
        flock) exec 9>&- ;;
        folder) rm -rf -- "$pm_state/lock.d" ;;
    esac
    pm_locked=no
}

# --- Starting -------------------------------------------------------------------------------------------------------

# Becomes the JVM with the class path of what was built. What is given are further options, the main class, its arguments.
exec_java() {
    pm_classpath=
    while read -r pm_jar; do
        pm_classpath=${pm_classpath:+$pm_classpath:}$pm_app/$pm_jar
    done <"$pm_app/classpath"
    [ "$pm_release" -lt 24 ] || set -- --enable-native-access=ALL-UNNAMED "$@"
    set -f
    # shellcheck disable=SC2086 # options are words
    exec "$pm_java" $pm_options ${PM_JAVA_OPTIONS:-} $pm_nowhere -Dpm.home="$pm_home" -cp "$pm_classpath" "$@"
}

# What starts the app fast. Warnings of the JVM go to standard error, since what the app writes is for others to read; that
# it could not use the archive of classes, for instance after an update of the JDK, is none.
pm_app_options='-XX:+UseSerialGC -XX:TieredStopAtLevel=1
    -Xlog:disable -Xlog:all=warning,cds*=off,class+path*=off:stderr'

# --- Building -------------------------------------------------------------------------------------------------------

# Maven wants the POMs of all modules to be there, also of those that it is not to build.
copy_sources() {
    rm -rf -- "$pm_state"/build.[0-9]* && mkdir -- "$pm_build" && cp -- "$pm_home/pom.xml" "$pm_build/" || return 1
    for pm_pom in "$pm_home"/pm-*/pom.xml; do
        pm_module=${pm_pom%/pom.xml}
        pm_module=${pm_module##*/}
        mkdir -p -- "$pm_build/$pm_module/src" && cp -- "$pm_pom" "$pm_build/$pm_module/" || return 1
    done
    for pm_part in $pm_parts; do
        [ ! -d "$pm_home/$pm_part/src/main" ] ||
            cp -R -- "$pm_home/$pm_part/src/main" "$pm_build/$pm_part/src/" || return 1
    done
}

# Checks, tests and documentation belong to the developer's build. Maven inherits the lock: it holds while Maven writes.
run_maven() {
    if [ "$pm_kind" = bench ]; then
        set -- -pl pm-benchmarks
    else
        set -- -pl pm-examples -Papp
    fi
    (
        [ ! -x "$pm_java_home/bin/javac" ] || export JAVA_HOME="$pm_java_home"
        exec mvn -B -f "$pm_build/pom.xml" "$@" -am -Dmaven.test.skip=true -Denforcer.skip=true \
            -Dspotless.check.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true -Dstyle.color=never package
    ) </dev/null >"$pm_log" 2>&1 &
    pm_maven=$!
    wait "$pm_maven"
    pm_code=$?
    pm_maven=
    return $pm_code
}

# A folder appears whole or not at all.
place_jars() {
    pm_new=$pm_state/apps/.new
    rm -rf -- "$pm_new" "$pm_app" && mkdir -- "$pm_new" || return 1
    if [ "$pm_kind" = bench ]; then
        mv -- "$pm_build/pm-benchmarks/target/benchmarks.jar" "$pm_new/" || return 1
    else
        mv -- "$pm_build"/pm-examples/target/app/*.jar "$pm_new/" || return 1
    fi
    (cd -- "$pm_new" && LC_ALL=C ls -- *.jar >classpath) && mv -- "$pm_new" "$pm_app"
}

# Lets the JVM keep what it made of the app's classes: a start then takes a quarter less of processor time. Another JDK than
# this one starts without. A run that fails is not worth a word, the app will say why. The menu is what needs most classes; a
# program and a message in it bring those of the other commands.
archive_classes() {
    printf '1\ntrue --\n5\ntext\n6\n' | (
        unset PM_JAVA_OPTIONS
        pm_options=$pm_app_options
        exec_java -XX:ArchiveClassesAtExit="$pm_app/.new" org.processmanager.examples.Pm menu --log /dev/null
    ) >>"$pm_log" 2>&1 9>&-
    mv -- "$pm_app/.new" "$pm_app/$pm_release.jsa" 2>/dev/null
}

# A JVM names its jars on its command line and then has them open. Where there is no /proc, a week must do.
is_open() {
    if [ -d /proc/self/fd ]; then
        printf '%s/\n' "$1" >"$pm_state/pattern"
        { ls -l /proc/[0-9]*/fd; cat /proc/[0-9]*/cmdline | tr '\0' '\n'; } 2>/dev/null |
            grep -q -F -f "$pm_state/pattern"
    else
        [ -z "$(find "$1" -prune -mtime +7)" ]
    fi
}

delete_unused() {
    pm_kept=0
    for pm_name in $(LC_ALL=C ls -1t -- "$pm_state/apps"); do
        case $pm_name in
            "$pm_kind"-*) pm_kept=$((pm_kept + 1)) ;;
            *) continue ;;
        esac
        pm_old=$pm_state/apps/$pm_name
        [ $pm_kept -le 2 ] || [ "$pm_old" = "$pm_app" ] || is_open "$pm_old" || rm -rf -- "$pm_old"
    done
}

build() {
    command -v mvn >/dev/null 2>&1 || fail "there is no mvn on PATH; install Maven, which builds the app"
    [ ! -f "$pm_java_home/release" ] || [ -x "$pm_java_home/bin/javac" ] ||
        fail "$pm_java_home is no JDK, it has no bin/javac; set JAVA_HOME to a JDK 17 or later"
    mkdir -p -- "$pm_state/apps" || fail "cannot write to $pm_state"
    trap unlock EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    lock
    if ! find_app; then # else another built it while we waited
        [ ! -t 2 ] || echo 'pm: building; done once, and again when the sources changed' >&2
        pm_build=$pm_state/build.$$
        pm_log=$pm_state/build.log
        copy_sources || fail "cannot copy the sources to $pm_build"
        run_maven || {
            tail -n 40 -- "$pm_log" >&2
            fail "the build failed; these were its last lines, all of them are in $pm_log"
        }
        pm_sum=$(sum_of "$pm_build") || fail "cannot read $pm_build" # the sources may have changed since the copy
        pm_app=$pm_state/apps/$pm_sum
        [ -f "$pm_app/classpath" ] || place_jars || fail "cannot write to $pm_state/apps"
        [ "$pm_kind" = bench ] || archive_classes
        rm -rf -- "$pm_build"
        delete_unused
    fi
    unlock
    trap - EXIT HUP INT TERM
}

# --- In which locale ------------------------------------------------------------------------------------------------

is_utf8() {
    if command -v locale >/dev/null 2>&1; then
        pm_charmap=$(locale charmap 2>/dev/null) # of the locale in effect: one that is not installed counts as C
    else
        pm_charmap=${LC_ALL:-${LC_CTYPE:-${LANG:-}}}
    fi
    case $pm_charmap in
        *UTF-8 | *utf-8 | *UTF8 | *utf8) return 0 ;;
        *) return 1 ;;
    esac
}

# Elsewhere a JVM turns every character outside ASCII, in arguments and file names, into U+FFFD.
choose_locale() {
    unset PM_CALLER_LOCALE
    if is_utf8; then
        return
    fi
    PM_CALLER_LOCALE="${LC_ALL+LC_ALL=$LC_ALL
}${LC_CTYPE+LC_CTYPE=$LC_CTYPE
}${LANG+LANG=$LANG
}"
    export PM_CALLER_LOCALE
    export LC_ALL=C.UTF-8
    is_utf8 || LC_ALL=en_US.UTF-8
    is_utf8 || LC_ALL=C.UTF-8
}

find_home "$0"
leave_nowhere
find_java
find_java_release
choose_parts "${1:-}"
find_app || build
choose_locale

if [ "$pm_kind" = bench ]; then
    shift
    pm_options= # measured with the defaults
    exec_java org.processmanager.benchmarks.Bench "$@"
fi
pm_options=$pm_app_options
if [ -f "$pm_app/$pm_release.jsa" ]; then
    exec_java -XX:SharedArchiveFile="$pm_app/$pm_release.jsa" org.processmanager.examples.Pm "$@"
fi
exec_java org.processmanager.examples.Pm "$@"
