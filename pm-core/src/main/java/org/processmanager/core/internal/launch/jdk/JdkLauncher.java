package org.processmanager.core.internal.launch.jdk;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.LaunchException;
import org.processmanager.core.ProcessIdentity;
import org.processmanager.core.internal.launch.ChildProcess;
import org.processmanager.core.internal.launch.Launcher;
import org.processmanager.core.internal.launch.UnsupportedFeatures;
import org.processmanager.core.internal.launch.WatchedProcess;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.io.StandardStreams;
import org.processmanager.core.internal.launch.program.JdkProgramFile;
import org.processmanager.core.internal.launch.program.Locales;
import org.processmanager.core.internal.launch.program.ProgramFinder;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.launch.spec.InputSpec;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.launch.spec.PrivateFile;
import org.processmanager.core.internal.posix.Errno;
import org.processmanager.core.internal.tree.PortableTree;
import org.processmanager.core.internal.util.Threads;
import org.slf4j.LoggerFactory;

/**
 * Starts children by {@link ProcessBuilder}, where the native layer is missing or switched off. What differs: the first
 * element of the argument list is the program's file; children stay in the JVM's group and session, so that a descendant
 * whose parent has ended is not found; an end by signal n looks like exit code 128 + n; what a process
 * that a program left behind writes is lost, and reported as such, if the program exits within about a millisecond;
 * arguments go through the charset of the locale; and each process has up to five daemon threads.
 */
public final class JdkLauncher implements Launcher {
    private static final ProgramFinder FINDER = new ProgramFinder(new Probe());
    private static final String ERROR = "error(?:=|: )(\\d+)";
    private static final File NULL_DEVICE = new File("/dev/null");
    private static final long LONGEST_BUSY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long BUSY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    @Override
    public List<ChildProcess> launchPipeline(List<LaunchSpec> stages) {
        List<JdkChild> started = new ArrayList<>(stages.size());
        try {
            for (int i = 0; i < stages.size(); i++) {
                LaunchSpec stage = stages.get(i);
                started.add(launch(stage.withStreams(
                        i == 0 ? stage.stdin() : new InputSpec.FromStage(-1),
                        i == stages.size() - 1 ? stage.stdout() : new OutputSpec.ToStage(-1),
                        stage.stderr())));
            }
            for (int i = 0; i < started.size() - 1; i++) {
                started.get(i).linkTo(started.get(i + 1));
            }
            return List.copyOf(started);
        } catch (Throwable e) {
            started.forEach(JdkChild::discard);
            throw e;
        }
    }

    @Override
    public ChildProcess launch(LaunchSpec spec, boolean callerWaits) {
        return launch(spec);
    }

    private static JdkChild launch(LaunchSpec wanted) {
        try (FileLinks links = new FileLinks()) {
            return launch(wanted, links);
        }
    }

    private static JdkChild launch(LaunchSpec wanted, FileLinks links) {
        LaunchSpec spec = Locales.readable(wanted, System.getenv());
        PortableTree.check(spec.stopPolicy());
        UnsupportedFeatures.refuse(spec);
        Path directory = spec.directory();
        EnvironmentSpec environment = PassedResources.byNames(spec).inDirectory(directory, Locales::canPass);
        Locales.checkPortable(spec, environment);
        File inside = directory == null ? null : links.file(directory);
        String problem = inside == null ? null : directoryProblem(inside);
        if (problem != null) {
            throw new LaunchException(
                    LaunchException.Reason.BAD_DIRECTORY,
                    "cannot start " + spec.program() + " in the directory " + directory + ": " + problem);
        }
        checkFiles(spec);
        String file = FINDER.find(spec, inside == null ? null : inside.getAbsolutePath() + "/");
        JdkProgramFile.check(spec, file);
        ProcessBuilder builder = builder(spec, file, environment, inside, links);
        Sinks sinks = Sinks.open(spec, Threads.WORKERS_OR_CALLER);
        PrivateFile arguments = spec.argumentFile();
        Path argumentFile = null;
        try {
            if (arguments != null) {
                argumentFile = arguments.create();
                builder.command(arguments.fill(builder.command(), argumentFile.toString()));
            }
            Path made = argumentFile;
            OutputPipes.prepare();
            long start = System.nanoTime();
            return new JdkChild(spec, startUnlessBusy(spec, file, builder), sinks, () -> delete(made), start).start();
        } catch (RuntimeException | Error e) {
            delete(argumentFile);
            sinks.abandon();
            throw e;
        }
    }

    /** Rejects FIFOs: the JDK opens them in this process, which blocks in the kernel until the other end is open. */
    private static void checkFiles(LaunchSpec spec) {
        if (spec.stdin() instanceof InputSpec.FromFile input) {
            if (Sinks.isFifo(input.file())) {
                throw StandardStreams.fifo(input.file());
            }
            ControllingTerminal.refuse(input.file());
        }
        for (OutputSpec output : Arrays.asList(spec.stdout(), spec.stderr())) {
            if (output instanceof OutputSpec.ToFile to && Sinks.isFifo(to.file())) {
                throw new LaunchException(
                        LaunchException.Reason.BAD_STREAM_FILE,
                        "cannot open " + to.file() + " for output: it is a FIFO, which ProcessBuilder would wait for;"
                                + " use Output.to(..) with a stream that writes to it",
                        null);
            }
        }
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(JdkLauncher.class).warn("cannot delete {}: {}", file, e.toString());
        }
    }

    @Override
    public WatchedProcess adopt(long pid, Optional<ProcessIdentity> wanted) {
        return JdkWatchedProcess.open(pid, wanted);
    }

    private static ProcessBuilder builder(
            LaunchSpec spec, String file, EnvironmentSpec wanted, @Nullable File directory, FileLinks links) {
        List<String> line = new ArrayList<>(spec.commandLine());
        line.set(0, file);
        ProcessBuilder builder = new ProcessBuilder(line);
        if (directory != null) {
            builder.directory(directory);
            if (links.isLink(directory) && file.startsWith(directory + "/")) {
                // The link is gone when an interpreter opens the script.
                line.set(0, "." + file.substring(directory.getPath().length()));
            }
        }
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(key -> key.startsWith(PassedResources.PREFIX));
        if (wanted.cleared()) {
            environment.clear();
        }
        wanted.changes().forEach((key, value) -> {
            if (value.isPresent()) {
                environment.put(key, value.get());
            } else {
                environment.remove(key);
            }
        });
        if (spec.stdin() instanceof InputSpec.Inherit) {
            builder.redirectInput(
                    StandardStreams.isMissing(0)
                            ? ProcessBuilder.Redirect.from(NULL_DEVICE)
                            : ProcessBuilder.Redirect.INHERIT);
        } else if (spec.stdin() instanceof InputSpec.FromFile input) {
            builder.redirectInput(links.file(input.file()));
        } else if (spec.stdin() instanceof InputSpec.Empty && NULL_DEVICE.exists()) {
            builder.redirectInput(NULL_DEVICE);
        }
        builder.redirectOutput(redirect(1, spec.stdout(), links));
        if (spec.stderr() instanceof OutputSpec.Merged) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(redirect(2, spec.stderr(), links));
        }
        return builder;
    }

    private static ProcessBuilder.Redirect redirect(int stream, @Nullable OutputSpec output, FileLinks links) {
        if (output instanceof OutputSpec.Inherit) {
            return StandardStreams.isMissing(stream)
                    ? ProcessBuilder.Redirect.DISCARD
                    : ProcessBuilder.Redirect.INHERIT;
        }
        if (output instanceof OutputSpec.Discard) {
            return ProcessBuilder.Redirect.DISCARD;
        }
        if (output instanceof OutputSpec.ToFile to) {
            File file = links.file(to.file());
            return to.append() ? ProcessBuilder.Redirect.appendTo(file) : ProcessBuilder.Redirect.to(file);
        }
        return ProcessBuilder.Redirect.PIPE;
    }

    private static Process startUnlessBusy(LaunchSpec spec, String file, ProcessBuilder builder) {
        long start = System.nanoTime();
        while (true) {
            try {
                return BoundedStart.start(spec, builder::start);
            } catch (OutOfMemoryError e) {
                throw new LaunchException(
                        LaunchException.Reason.RESOURCES_EXHAUSTED,
                        "cannot start " + spec.program() + " (" + file + "): " + e.getMessage(),
                        e);
            } catch (IOException e) {
                Errno errno = errno(e);
                if (errno != Errno.ETXTBSY || System.nanoTime() - start > LONGEST_BUSY_NANOS) {
                    throw explain(spec, file, e, errno);
                }
            }
            Threads.pause(BUSY_PAUSE_NANOS);
        }
    }

    private static LaunchException explain(LaunchSpec spec, String file, IOException e, @Nullable Errno errno) {
        String what = "cannot start " + spec.program() + " (" + file + "): ";
        if (e.getCause() instanceof FileNotFoundException missing) {
            return new LaunchException(
                    LaunchException.Reason.BAD_STREAM_FILE, what + "cannot open " + missing.getMessage(), missing);
        }
        if (errno == null) {
            return new LaunchException(LaunchException.Reason.OTHER, what + e.getMessage(), e);
        }
        String why = Errno.describe(errno.number());
        return switch (errno) {
            case ENOENT ->
                new LaunchException(
                        LaunchException.Reason.NOT_EXECUTABLE, what + "the interpreter that it names does not exist");
            case EACCES, EPERM, ENOEXEC -> new LaunchException(LaunchException.Reason.NOT_EXECUTABLE, what + why);
            case E2BIG ->
                new LaunchException(
                        LaunchException.Reason.ARGUMENTS_TOO_LONG,
                        what + why + "; pass the data by standard input or a file");
            case EAGAIN, ENOMEM, EMFILE, ENFILE ->
                new LaunchException(LaunchException.Reason.RESOURCES_EXHAUSTED, what + why, e);
            default -> new LaunchException(LaunchException.Reason.OTHER, what + e.getMessage(), e);
        };
    }

    /** Only the message contains the number, in a form that depends on the JDK. */
    private static @Nullable Errno errno(IOException e) {
        Matcher matcher = Pattern.compile(ERROR).matcher(String.valueOf(e.getMessage()));
        return matcher.find() ? Errno.of(Integer.parseInt(matcher.group(1))) : null;
    }

    private static @Nullable String directoryProblem(File directory) {
        if (directory.isDirectory()) {
            return directory.canExecute() ? null : "permission denied";
        }
        if (directory.exists()) {
            return "not a directory";
        }
        return JdkProgramFile.isOutOfReach(directory) ? "permission denied" : "no such file or directory";
    }

    private static final class Probe implements ProgramFinder.Probe {
        @Override
        public boolean isProgram(String file) {
            return new File(file).isFile() && new File(file).canExecute();
        }

        @Override
        public boolean isRefused(String file) {
            return new File(file).isFile() || JdkProgramFile.isOutOfReach(new File(file));
        }

        @Override
        public Map<String, String> inherited() {
            return System.getenv();
        }
    }
}
