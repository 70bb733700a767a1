package org.processmanager.examples.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.processmanager.core.ProcessManagerException;
import org.processmanager.examples.app.cli.channel.ChannelCommand;
import org.processmanager.examples.app.cli.channel.RecvCommand;
import org.processmanager.examples.app.cli.channel.SendCommand;
import org.processmanager.examples.app.cli.doctor.DoctorCommand;
import org.processmanager.examples.app.cli.help.CompletionCommand;
import org.processmanager.examples.app.cli.help.HelpExamples;
import org.processmanager.examples.app.cli.help.ManCommand;
import org.processmanager.examples.app.cli.log.EventsCommand;
import org.processmanager.examples.app.cli.log.LogCommand;
import org.processmanager.examples.app.cli.log.ReportCommand;
import org.processmanager.examples.app.cli.log.TraceCommand;
import org.processmanager.examples.app.cli.option.GlobalOptions;
import org.processmanager.examples.app.cli.process.InfoCommand;
import org.processmanager.examples.app.cli.process.KillCommand;
import org.processmanager.examples.app.cli.process.PsCommand;
import org.processmanager.examples.app.cli.process.SignalCommand;
import org.processmanager.examples.app.cli.process.StopCommand;
import org.processmanager.examples.app.cli.registry.AttachCommand;
import org.processmanager.examples.app.cli.registry.LogsCommand;
import org.processmanager.examples.app.cli.registry.RestartCommand;
import org.processmanager.examples.app.cli.registry.RmCommand;
import org.processmanager.examples.app.cli.registry.StartCommand;
import org.processmanager.examples.app.cli.registry.StartedProcesses;
import org.processmanager.examples.app.cli.registry.ThreadCommand;
import org.processmanager.examples.app.cli.registry.WaitCommand;
import org.processmanager.examples.app.cli.shell.Commands;
import org.processmanager.examples.app.cli.shell.ScriptCommand;
import org.processmanager.examples.app.cli.shell.ShellCommand;
import org.processmanager.examples.app.cli.terminal.Terminal;
import org.processmanager.examples.app.cli.top.TopCommand;
import org.processmanager.examples.app.cli.up.UpCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The root command. Builds the subcommand that is called, and turns its failure into one line on standard error and an exit
 * code.
 */
@Command(
        name = "pm",
        description = {"Processes, messages between them, and what they share.", "", ExitCode.ALL},
        versionProvider = App.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        usageHelpAutoWidth = true)
public final class App implements Callable<Integer>, Commands {
    static final List<String> COMMANDS = List.of(
            "run",
            "start",
            "up",
            "ps",
            "top",
            "info",
            "logs",
            "wait",
            "stop",
            "kill",
            "signal",
            "restart",
            "attach",
            "thread",
            "rm",
            "send",
            "recv",
            "channel",
            "demo",
            "locks",
            "shm",
            "menu",
            "events",
            "report",
            "trace",
            "log",
            "shell",
            "script",
            "doctor",
            "bench",
            "completion",
            "man",
            "help");
    private static final List<String> NEEDING_ALL = List.of("help");

    /** System property of picocli: types without converters. */
    private static final String CONVERTERS_EXCLUDED = "picocli.converters.excludes";

    private final Terminal terminal;
    private final Journal journal;
    private final StartedProcesses named;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Spec
    private @Nullable CommandSpec spec;

    App(Terminal terminal) {
        this.terminal = terminal;
        journal = new Journal(terminal, options::log);
        named = new StartedProcesses(options::registry);
    }

    /** Runs one command line on the streams of this process. */
    public static int run(String... args) {
        Terminal terminal = Terminal.ofThisProcess();
        System.setErr(terminal.err()); // what is logged, and exceptions of threads
        return run(terminal, args);
    }

    /** Runs one command line on the given streams, and returns its exit code. */
    public static int run(Terminal terminal, String... args) {
        System.setProperty(CONVERTERS_EXCLUDED, "java\\.sql\\..*"); // loads a module for types that no option has
        App app = new App(terminal);
        CommandLine root = app.tree(needed(args));
        root.setOut(new PrintWriter(terminal.out()))
                .setErr(new PrintWriter(terminal.err(), true))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setParameterExceptionHandler((e, arguments) -> app.refuse(e))
                .setExecutionExceptionHandler((e, commandLine, parsed) -> app.fail(e, commandLine));
        int code;
        try {
            code = root.execute(args);
        } finally {
            root.getOut().flush();
            terminal.flush();
        }
        return terminal.hasLostAnswer() ? codeOfFailure(root) : code;
    }

    /**
     * The commands that a command line needs. Building one takes a good part of the start, so this is the called one where
     * there is one; all of them for the help, for completion, and for similar names.
     */
    private static List<String> needed(String... args) {
        boolean version = false;
        for (int i = 0; i < args.length; i++) {
            if (!args[i].startsWith("-")) {
                return COMMANDS.contains(args[i]) && !NEEDING_ALL.contains(args[i]) ? List.of(args[i]) : COMMANDS;
            }
            version |= args[i].equals("--version") || args[i].equals("-V");
            if (args[i].equals("--log") || args[i].equals("--registry")) {
                i++;
            }
        }
        return version || args.length == 0 ? List.of() : COMMANDS;
    }

    private CommandLine tree(List<String> names) {
        CommandLine root = new CommandLine(this);
        for (String name : names) {
            root.addSubcommand(name, create(name));
        }
        HelpExamples.addTo(root);
        return root;
    }

    private Object create(String command) {
        return switch (command) {
            case "run" -> new CommandLine(new RunCommand(terminal, journal)).setStopAtPositional(true);
            case "start" -> new CommandLine(new StartCommand(terminal, named, journal)).setStopAtPositional(true);
            case "up" -> new UpCommand(terminal, journal);
            case "ps" -> new PsCommand(terminal, named);
            case "top" -> new TopCommand(terminal, named);
            case "info" -> new InfoCommand(terminal, named);
            case "logs" -> new LogsCommand(terminal, named);
            case "wait" -> new WaitCommand(terminal, named);
            case "restart" -> new RestartCommand(terminal, named);
            case "attach" -> new AttachCommand(terminal, named);
            case "thread" -> ThreadCommand.create(terminal, named);
            case "rm" -> new RmCommand(terminal, named);
            case "stop" -> new StopCommand(terminal, named);
            case "kill" -> new KillCommand(terminal, named);
            case "signal" -> new SignalCommand(terminal, named);
            case "send" -> new SendCommand(terminal, journal);
            case "recv" -> new RecvCommand(terminal, journal);
            case "channel" -> ChannelCommand.create(terminal);
            case "demo" -> new DemoCommand(terminal, journal);
            case "locks" -> new LocksCommand(terminal);
            case "shm" ->
                new CommandLine(new ShmCommand())
                        .addSubcommand(new ShmCommand.Ls(terminal))
                        .addSubcommand(new ShmCommand.Rm(terminal));
            case "menu" -> new MenuCommand(terminal, journal);
            case "events" -> new EventsCommand(terminal, journal);
            case "report" -> new ReportCommand(terminal, journal);
            case "trace" -> new TraceCommand(terminal, journal);
            case "log" -> new CommandLine(new LogCommand()).addSubcommand(new LogCommand.Clear(terminal, journal));
            case "shell" -> new ShellCommand(terminal, this, named, new Suggestions(named));
            case "script" -> new ScriptCommand(terminal, this);
            case "doctor" -> new DoctorCommand(terminal, named);
            case "bench" -> new BenchCommand();
            case "completion" -> new CompletionCommand(terminal, this::model);
            case "man" -> new ManCommand(terminal, this::model);
            case "help" -> new HelpCommand();
            default -> throw new IllegalArgumentException("command: " + command);
        };
    }

    /** Returns the exit code for a failure of the called command. */
    private static int codeOfFailure(CommandLine root) {
        CommandLine.ParseResult parsed = root.getParseResult();
        while (parsed != null && parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
        }
        return parsed == null ? ExitCode.FAILED : parsed.commandSpec().exitCodeOnExecutionException();
    }

    /** Without a command: a shell at a terminal, else the list of commands. */
    @Override
    public Integer call() throws InterruptedException {
        if (terminal.echoesInput() && !terminal.isInShell()) {
            return new ShellCommand(terminal, this, named, new Suggestions(named)).call();
        }
        model().usage(Objects.requireNonNull(spec).commandLine().getOut());
        return ExitCode.OK;
    }

    @Override
    public int run(Terminal command, List<String> words) {
        return run(command, words.toArray(String[]::new));
    }

    @Override
    public CommandLine model() {
        return new App(terminal).tree(COMMANDS);
    }

    @Override
    public Map<String, String> globalOptions() {
        return options.values();
    }

    private int refuse(ParameterException e) {
        if (options.debug()) {
            e.printStackTrace(terminal.err());
        }
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        String line = e instanceof UnmatchedArgumentException unmatched ? unknown(unmatched) : e.getMessage();
        terminal.complain(line + " (see " + command + " --help)");
        return ExitCode.BAD_INPUT;
    }

    /** Returns the first argument that does not belong there, and the names that it may be meant for. */
    private static String unknown(UnmatchedArgumentException e) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String argument = e.getUnmatched().get(0);
        if (argument.startsWith("-")) {
            String option = argument.split("=", 2)[0];
            return "there is no option " + option
                    + SimilarNames.hint(SimilarNames.among(command.optionsMap().keySet(), option));
        }
        if (command.subcommands().isEmpty()) {
            return "unexpected argument: '" + argument + "'";
        }
        return "there is no command " + argument
                + SimilarNames.hint(SimilarNames.among(command.subcommands().keySet(), argument));
    }

    private int fail(Exception e, CommandLine commandLine) {
        if (e instanceof ParameterException refused) {
            return refuse(refused);
        }
        if (options.debug()) {
            e.printStackTrace(terminal.err());
        }
        if (e instanceof InterruptedException) {
            return ExitCode.ofSignal(2);
        }
        terminal.complain(describe(e));
        return e instanceof CommandFailure failure
                ? failure.exitCode()
                : commandLine.getCommandSpec().exitCodeOnExecutionException();
    }

    /** Messages of this project are complete; others need the name of their exception. */
    private static String describe(Exception e) {
        String message = e.getMessage();
        boolean known = e instanceof CommandFailure
                || e instanceof ProcessManagerException
                || e instanceof UnsupportedOperationException;
        return known && message != null ? message : e + " (--debug shows where)";
    }

    /** One line, from what the build wrote into the resources. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Properties properties = new Properties();
            try (InputStream in = App.class.getResourceAsStream("/pm-version.properties")) {
                if (in != null) {
                    properties.load(in);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new String[] {"pm " + properties.getProperty("version", "of an unknown version")};
        }
    }
}
