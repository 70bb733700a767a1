#!/bin/sh
# Starts the pm app. Builds it first if it was never built, or if its sources have changed since: docs/adr/0008 says how.
#
# Needs a JDK 17 or later (JAVA_HOME, else java on PATH) and, to build, Maven on PATH. Read from the environment:
#   PM_JAVA_OPTIONS     further options of the JVM, separated by spaces
# Passed to the app:
#   -Dpm.home           the directory of this script
#   -Dpm.archive        the archive of classes that the app starts with, for the JVMs that it starts
#   PM_CALLER_LOCALE    set only if the app runs in another locale than its caller: LC_ALL, LC_CTYPE and LANG as the caller
#                       had them, one NAME=value a line; a missing name was not set. The app restores them for its children.
#
# Exit code 125: nothing was started, standard error says why. Every other exit code is the app's.
# All variables start with pm_, since assigning to a name that the caller exported would change the app's environment.

set -u

# A closed standard stream is opened first: otherwise the JVM, and with it the app's children, would have a file of the JVM
# there. Standard input is then empty; writing to the other two fails, as it does on a closed descriptor.
command : 3>&2 || exec 2</dev/null
command : 2>/dev/null 3<&0 || exec </dev/null
command : 2>/dev/null 3>&1 || exec 1</dev/null

fail() {
    printf 'pm: %s\n' "$1" | tr '\001-\011\013-\037\177' '?' >&2 # what a terminal would execute
    exit 125
}

# The version stands in a file of the JDK; asking the JVM would take as long as starting it.
find_java() {
    pm_java=${JAVA_HOME:-}/bin/java
    [ -n "${JAVA_HOME:-}" ] || pm_java=$(command -v java) || fail 'no java on PATH; install a JDK 17 or later, or set JAVA_HOME'
    [ -x "$pm_java" ] || fail "JAVA_HOME is $JAVA_HOME, which has no bin/java; set it to a JDK 17 or later"
    pm_java_home=$(readlink -f -- "$pm_java") && pm_java_home=${pm_java_home%/bin/java}
    pm_release=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$pm_java_home/release" 2>/dev/null)
    [ -n "$pm_release" ] || pm_release=$("$pm_java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
    [ "${pm_release:-0}" -ge 17 ] || fail "$pm_java is Java ${pm_release:-unknown}; set JAVA_HOME to a JDK 17 or later"
}

# Whether there is an app that is not older than its sources. The file $pm_state/app, or bench, names its directory.
find_app() {
    read -r pm_last 2>/dev/null <"$pm_state/$pm_kind" && pm_app=$pm_state/apps/$pm_last && [ -d "$pm_app" ] &&
        [ -z "$(cd -- "$pm_home" && find pm pom.xml pm-core pm-sync pm-ipc "$pm_module" \
            -name test -prune -o -name target -prune -o -newer "$pm_state/$pm_kind" -print)" ]
}

build() {
    command -v mvn >/dev/null || fail 'no mvn on PATH; install Maven, which builds the app'
    [ -x "$pm_java_home/bin/javac" ] || fail "$pm_java_home has no bin/javac; set JAVA_HOME to a JDK 17 or later"
    mkdir -p -- "$pm_state/apps" && exec 9>"$pm_state/lock" || fail "cannot write to $pm_state"
    flock 9 2>/dev/null && find_app && return # built by another start; without flock both build
    [ ! -t 2 ] || echo 'pm: building; done once, and again when the sources have changed' >&2
    pm_app=$pm_state/apps/$pm_kind.$(date +%s).$$ && mkdir "$pm_app" "$pm_app/build" "$pm_app/jars" &&
        echo "${pm_app##*/}" >"$pm_app/name" || fail "cannot write to $pm_state/apps" # older than what is copied next
    (cd -- "$pm_home" && tar cf - .mvn pom.xml pm-*/pom.xml pm-*/src/main) | tar xf - -C "$pm_app/build" ||
        fail "cannot copy the sources to $pm_app/build"
    JAVA_HOME=$pm_java_home mvn -B -f "$pm_app/build/pom.xml" -Papp -pl "$pm_module" -am -Dmaven.test.skip=true \
        -Denforcer.skip=true -Dspotless.check.skip=true -Dmaven.javadoc.skip=true -Dmaven.source.skip=true \
        -Dstyle.color=never package </dev/null >"$pm_state/build.log" 2>&1 || {
        tail -n 40 -- "$pm_state/build.log" >&2
        fail "the build failed; its last lines are above, all of them in $pm_state/build.log"
    }
    mv -- "$pm_app/build/$pm_module"/target/$pm_jars "$pm_app/jars/" || fail "cannot write to $pm_app"
    # The app starts with an archive of the classes that one run needed; a JVM that refuses it starts without.
    [ "$pm_kind" = bench ] || (unset PM_JAVA_OPTIONS
        printf '1\ntrue --\n5\ntext\n6\n' | (start "-XX:DumpLoadedClassList=$pm_app/list" $pm_main menu --log /dev/null)
        start -Xshare:dump "-XX:SharedClassListFile=$pm_app/list" "-XX:SharedArchiveFile=$pm_app/$pm_release.jsa"
    ) 9>&- >>"$pm_state/build.log" 2>&1
    rm -rf -- "$pm_app/build"
    for pm_old in "$pm_state/apps/$pm_kind".*; do # a running app has its directory locked; one that just starts has the last
        [ "$pm_old" = "$pm_app" ] || [ "${pm_old##*/}" = "${pm_last:-}" ] ||
            flock -n "$pm_old" rm -rf -- "$pm_old" 2>/dev/null
    done
    mv -- "$pm_app/name" "$pm_state/$pm_kind" || fail "cannot write to $pm_state"
}

# Asks for the locale in effect: one that is not installed counts as C.
is_utf8() {
    case $(locale charmap 2>/dev/null || echo "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}") in
        *UTF-8 | *utf-8 | *UTF8 | *utf8) ;;
        *) return 1 ;;
    esac
}

# Without UTF-8 a JVM turns every character outside ASCII, in arguments and file names, into U+FFFD.
choose_locale() {
    unset PM_CALLER_LOCALE
    is_utf8 && return
    PM_CALLER_LOCALE="${LC_ALL+LC_ALL=$LC_ALL
}${LC_CTYPE+LC_CTYPE=$LC_CTYPE
}${LANG+LANG=$LANG
}"
    export PM_CALLER_LOCALE LC_ALL=C.UTF-8
    is_utf8 || LC_ALL=en_US.UTF-8
}

# Becomes the JVM, with further options, the main class and its arguments.
start() {
    [ "$pm_release" -lt 24 ] || set -- --enable-native-access=ALL-UNNAMED "$@"
    set -f # options are words, not patterns
    exec "$pm_java" $pm_options ${PM_JAVA_OPTIONS:-} "-Dpm.home=$pm_home" -cp "$pm_app/jars/*" "$@"
}

pm_home=$(readlink -f -- "$0") && pm_home=${pm_home%/*} || fail "cannot find the directory of $0"
pm_state=$pm_home/target/pm
[ -n "$(pwd -P 2>/dev/null)" ] || fail 'the working directory is gone, and Java needs one; change to another'
find_java
if [ "${1:-}" = bench ]; then
    shift
    pm_kind=bench pm_module=pm-benchmarks pm_jars=benchmarks.jar pm_main=org.processmanager.benchmarks.Bench
    pm_options= # measured with the defaults
else
    pm_kind=app pm_module=pm-examples pm_jars='app/*.jar' pm_main=org.processmanager.examples.app.Pm
    # Starts fast. Warnings go to standard error; that the archive of classes cannot be used is none.
    pm_options='-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData
        -Xlog:disable -Xlog:all=warning,cds*=off,class+path*=off:stderr'
fi
find_app || build
choose_locale
exec 9>&- 8<"$pm_app" && flock -s 8 2>/dev/null
pm_archive=$pm_app/$pm_release.jsa
[ ! -f "$pm_archive" ] || start "-XX:SharedArchiveFile=$pm_archive" "-Dpm.archive=$pm_archive" $pm_main "$@"
start $pm_main "$@"
