package org.processmanager.core.internal.manager;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.Command;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.posix.PathText;

/** Checks of the values of a {@link Command}. Messages have the form {@code name: value (expected: ...)}. */
public final class CommandChecks {
    private static final int HIGHEST_EXIT_CODE = 255;

    private static final int ALL_PERMISSIONS = 0777;
    private static final int LOWEST_NICENESS = -20;
    private static final int HIGHEST_NICENESS = 19;
    private static final int HIGHEST_CPU = 4095;

    /** The first release that starts programs by an instance method. */
    private static final int INSTANCE_MAIN = 25;

    private CommandChecks() {}

    /** Returns the command line of a program with its arguments. */
    public static List<String> commandLine(String program, String... args) {
        return joined(List.of(program(program)), args);
    }

    /** Returns the command line of a program's file with its arguments. */
    public static List<String> commandLine(Path file, String... args) {
        String text = PathText.of(PathText.check("program", file));
        String program = text.indexOf('/') >= 0 ? text : "./" + text;
        return joined(List.of(text.isEmpty() ? program(text) : program), args);
    }

    /** Returns a copy of a command line. */
    public static List<String> commandLine(List<String> line) {
        if (Objects.requireNonNull(line, "commandLine").isEmpty()) {
            throw new IllegalArgumentException("commandLine: empty (expected: a program, then its arguments)");
        }
        return commandLine(line.get(0), line.subList(1, line.size()).toArray(new String[0]));
    }

    /** Rejects streams that the caller cannot use while {@code run()} blocks. */
    public static void runnable(LaunchSpec spec) {
        if (spec.stdin() instanceof InputSpec.Pipe) {
            throw new IllegalStateException("nothing could write to " + spec.name()
                    + ": Input.pipe() is for start(); use Input.of(..) or Input.empty() with run()");
        }
        if (isPipe(spec.stdout()) || isPipe(spec.stderr())) {
            throw new IllegalStateException("nothing could read from " + spec.name()
                    + ": Output.pipe() is for start(); use Output.capture() or Output.lines(..) with run()");
        }
    }

    private static boolean isPipe(@Nullable OutputSpec output) {
        return output != null && output.isPipe();
    }

    private static String program(String program) {
        if (Objects.requireNonNull(program, "program").isEmpty()) {
            throw new IllegalArgumentException("program: \"\" (expected: a name or a file)");
        }
        return passable("program", program);
    }

    /** Returns the command line with more arguments. */
    public static List<String> joined(List<String> line, String... args) {
        Objects.requireNonNull(args, "args");
        List<String> joined = new ArrayList<>(line.size() + args.length);
        joined.addAll(line);
        for (String arg : args) {
            String what = "argument " + joined.size();
            joined.add(passable(what, Objects.requireNonNull(arg, what)));
        }
        return List.copyOf(joined);
    }

    public static String key(String key) {
        if (Objects.requireNonNull(key, "key").isEmpty() || key.indexOf('=') >= 0) {
            throw new IllegalArgumentException("key: \"" + key + "\" (expected: not empty and without =)");
        }
        return passable("key", key);
    }

    /** Rejects text that cannot be passed unchanged: NUL ends a C string, and a lone surrogate has no encoding. */
    public static String passable(String what, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    what + ": \"" + text.replace("\0", "\\0") + "\" (expected: without a NUL character)");
        }
        int half = halfCharacter(text);
        if (half >= 0) {
            throw new IllegalArgumentException(what + ": a surrogate without its other half at index " + half
                    + " (expected: text that has a UTF-8 form)");
        }
        return text;
    }

    /** Returns the index of the first lone surrogate, or -1. */
    private static int halfCharacter(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return i;
                }
                i++;
            }
        }
        return -1;
    }

    public static Duration positive(String name, Duration duration) {
        if (Objects.requireNonNull(duration, name).isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
        return duration;
    }

    public static Duration notNegative(String name, Duration duration) {
        if (Objects.requireNonNull(duration, name).isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: >= 0)");
        }
        return duration;
    }

    public static Set<Integer> exitCodes(int... codes) {
        Objects.requireNonNull(codes, "codes");
        Set<Integer> accepted = new TreeSet<>();
        for (int code : codes) {
            if (code < 0 || code > HIGHEST_EXIT_CODE) {
                throw new IllegalArgumentException("codes: " + code + " (expected: 0 to " + HIGHEST_EXIT_CODE + ")");
            }
            accepted.add(code);
        }
        if (accepted.isEmpty()) {
            throw new IllegalArgumentException("codes: none (expected: at least one)");
        }
        return Set.copyOf(accepted);
    }

    public static int umask(int mask) {
        if (mask < 0 || mask > ALL_PERMISSIONS) {
            throw new IllegalArgumentException("mask: " + Integer.toOctalString(mask) + " (expected: octal 0 to 777)");
        }
        return mask;
    }

    public static int niceness(int niceness) {
        if (niceness < LOWEST_NICENESS || niceness > HIGHEST_NICENESS) {
            throw new IllegalArgumentException(
                    "niceness: " + niceness + " (expected: " + LOWEST_NICENESS + " to " + HIGHEST_NICENESS + ")");
        }
        return niceness;
    }

    /** Returns the numbers of processors, ascending. */
    public static List<Integer> cpus(int... cpus) {
        if (Objects.requireNonNull(cpus, "cpus").length == 0) {
            throw new IllegalArgumentException("cpus: none (expected: at least one)");
        }
        Set<Integer> sorted = new TreeSet<>();
        for (int cpu : cpus) {
            if (cpu < 0 || cpu > HIGHEST_CPU) {
                throw new IllegalArgumentException("cpus: " + cpu + " (expected: 0 to " + HIGHEST_CPU + ")");
            }
            sorted.add(cpu);
        }
        return List.copyOf(sorted);
    }

    /** Checks the name of a user or a group. */
    public static String account(String what, String text) {
        if (Objects.requireNonNull(text, what).isEmpty()) {
            throw new IllegalArgumentException(what + ": \"\" (expected: a name or a number)");
        }
        return passable(what, text);
    }

    /** Checks that another JVM with the same class path and module path can run a class. */
    public static Class<?> mainClass(Class<?> main) {
        Objects.requireNonNull(main, "main");
        try {
            if (Class.forName(main.getName(), false, ClassLoader.getSystemClassLoader()) != main) {
                throw new ClassNotFoundException(main.getName());
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    "main: " + main.getName() + " (expected: a class of the class path or module path)", e);
        }
        for (Class<?> type = main; type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals("main") && canStart(method)) {
                    return main;
                }
            }
        }
        throw new IllegalArgumentException("main: " + main.getName() + " (expected: a class with a main method)");
    }

    /** Since 25 the main method may be an instance method and have no parameters. */
    private static boolean canStart(Method method) {
        boolean classic = Modifier.isStatic(method.getModifiers())
                && Modifier.isPublic(method.getModifiers())
                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String[].class});
        return classic || Runtime.version().feature() >= INSTANCE_MAIN && !Modifier.isPrivate(method.getModifiers());
    }
}
