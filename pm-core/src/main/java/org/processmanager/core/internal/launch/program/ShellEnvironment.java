package org.processmanager.core.internal.launch.program;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.posix.CStrings;

/**
 * The arguments of {@code env} that undo the changes of a shell to the environment that it passes on. Shells drop variables whose
 * names are not valid in a shell, such as {@code spring.x-y}, and set and add some.
 *
 * <p>These variables, and no others, are briefly part of the command line of {@code env}, which all users can read.
 */
public final class ShellEnvironment {
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    /** The variables that dash, bash, ksh or busybox export by themselves. */
    private static final Set<String> ADDED = Set.of("PWD", "OLDPWD", "SHLVL", "_");
    /** The variables that one of them changes if they exist. */
    private static final Set<String> CHANGED = Set.of(
            "IFS",
            "OPTIND",
            "OPTARG",
            "OPTERR",
            "PPID",
            "LINENO",
            "PS1",
            "PS2",
            "PS3",
            "PS4",
            "UID",
            "EUID",
            "GROUPS",
            "SHELLOPTS",
            "RANDOM",
            "SRANDOM",
            "SECONDS",
            "EPOCHSECONDS",
            "EPOCHREALTIME",
            "COLUMNS",
            "LINES",
            "DIRSTACK",
            "FUNCNAME",
            "HISTCMD",
            "HISTSIZE",
            "HISTFILESIZE",
            "TIMEFORMAT",
            "PIPESTATUS",
            "COMP_WORDBREAKS",
            "ENV",
            "POSIXLY_CORRECT",
            "IGNOREEOF",
            "FIGNORE",
            "KSH_VERSION",
            "FCEDIT");

    private ShellEnvironment() {}

    /** Returns the arguments of {@code env}, each with a NUL at its end. */
    public static List<byte[]> repair(EnvironmentSpec environment) {
        List<byte[]> unset = new ArrayList<>();
        List<byte[]> set = new ArrayList<>();
        Set<String> present = new HashSet<>();
        for (byte[] entry : Environments.entries(environment)) {
            String text = new String(entry, 0, entry.length - 1, StandardCharsets.ISO_8859_1);
            int equals = text.indexOf('=');
            if (equals > 0) {
                String key = text.substring(0, equals);
                boolean first = present.add(key);
                if (first && !passes(key)) {
                    set.add(entry);
                }
            }
        }
        for (String key : ADDED) {
            if (!present.contains(key)) {
                unset.add(CStrings.terminated("--unset=" + key));
            }
        }
        List<byte[]> arguments = new ArrayList<>(unset);
        arguments.add(CStrings.terminated("--"));
        arguments.addAll(set);
        return arguments;
    }

    private static boolean passes(String key) {
        return IDENTIFIER.matcher(key).matches()
                && !ADDED.contains(key)
                && !CHANGED.contains(key)
                && !key.startsWith("BASH");
    }
}
