package org.processmanager.examples.app.cli.help;

import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The examples that the help of each command ends with. Each is one command line, which a test parses. */
public final class HelpExamples {
    private static final Map<String, List<String>> EXAMPLES = Map.ofEntries(
            Map.entry("pm", List.of("pm", "pm ps --sort cpu", "pm help run")),
            Map.entry(
                    "pm run",
                    List.of("pm run --timeout 5s -- make test", "pm run -o json --limit memory=512m,cpu=10s -- ./job")),
            Map.entry(
                    "pm start",
                    List.of(
                            "pm start --name web --restart on-failure --ready-port 8080 -- java -jar web.jar",
                            "pm start -- sleep 600")),
            Map.entry("pm up", List.of("pm up", "pm up --check")),
            Map.entry("pm attach", List.of("pm attach kid")),
            Map.entry("pm thread", List.of("pm thread ls --in kid")),
            Map.entry("pm thread new", List.of("pm thread new --in kid worker")),
            Map.entry("pm thread stop", List.of("pm thread stop --in kid worker")),
            Map.entry("pm thread ls", List.of("pm thread ls --in kid")),
            Map.entry(
                    "pm ps",
                    List.of(
                            "pm ps --name java --tree",
                            "pm ps --sort memory -o csv",
                            "pm ps --mine",
                            "pm ps --watch 2s")),
            Map.entry("pm top", List.of("pm top --name java", "pm top --once -o json")),
            Map.entry("pm info", List.of("pm info web", "pm info --files --limits 1234")),
            Map.entry("pm logs", List.of("pm logs web", "pm logs --follow web")),
            Map.entry("pm wait", List.of("pm wait --timeout 1m web")),
            Map.entry("pm stop", List.of("pm stop web", "pm stop --port 8080 --stop-policy TERM:10s,KILL:5s")),
            Map.entry("pm kill", List.of("pm kill --all java")),
            Map.entry("pm signal", List.of("pm signal HUP web")),
            Map.entry("pm restart", List.of("pm restart web")),
            Map.entry("pm rm", List.of("pm rm web", "pm rm --exited")),
            Map.entry(
                    "pm send",
                    List.of("pm send fifo:jobs 'a message'", "pm send --stdin lines mapped:jobs?capacity=4m")),
            Map.entry("pm recv", List.of("pm recv --wait --follow fifo:jobs", "pm recv --count 3 -o json mapped:jobs")),
            Map.entry("pm channel", List.of("pm channel ls")),
            Map.entry("pm channel ls", List.of("pm channel ls", "pm channel ls -o csv /tmp")),
            Map.entry("pm channel stat", List.of("pm channel stat mapped:jobs")),
            Map.entry("pm channel top", List.of("pm channel top --interval 2s mapped:jobs")),
            Map.entry("pm channel dump", List.of("pm channel dump mapped:jobs")),
            Map.entry("pm channel doctor", List.of("pm channel doctor", "pm channel doctor mapped:jobs")),
            Map.entry("pm channel gc", List.of("pm channel gc")),
            Map.entry("pm demo", List.of("pm demo --kill consumer", "pm demo --transport mapped --producers 4")),
            Map.entry("pm locks", List.of("pm locks jobs", "pm locks --graph jobs accounts")),
            Map.entry("pm shm", List.of("pm shm ls")),
            Map.entry("pm shm ls", List.of("pm shm ls -o wide")),
            Map.entry("pm shm rm", List.of("pm shm rm --stale", "pm shm rm --stale jobs")),
            Map.entry("pm menu", List.of("pm menu")),
            Map.entry("pm events", List.of("pm events -o jsonl")),
            Map.entry("pm report", List.of("pm report", "pm report -o csv")),
            Map.entry("pm trace", List.of("pm trace --out trace.json")),
            Map.entry("pm log", List.of("pm log clear")),
            Map.entry("pm log clear", List.of("pm log clear")),
            Map.entry("pm shell", List.of("pm shell")),
            Map.entry("pm script", List.of("pm script nightly.pm")),
            Map.entry("pm doctor", List.of("pm doctor", "pm doctor -o json")),
            Map.entry("pm bench", List.of("pm bench")),
            Map.entry("pm completion", List.of("pm completion bash", "pm completion fish")),
            Map.entry("pm man", List.of("pm man")),
            Map.entry("pm help", List.of("pm help run")));

    private HelpExamples() {}

    /** Returns the examples of a command, which may be none. */
    public static List<String> of(CommandLine command) {
        return EXAMPLES.getOrDefault(command.getCommandSpec().qualifiedName(), List.of());
    }

    /** Ends the help of a command and its subcommands with their examples. */
    public static void addTo(CommandLine root) {
        root.getHelpSectionMap()
                .put(
                        UsageMessageSpec.SECTION_KEY_FOOTER,
                        help -> text(help.commandSpec().commandLine()));
        root.getSubcommands().values().forEach(HelpExamples::addTo);
    }

    private static String text(CommandLine command) {
        StringBuilder text = new StringBuilder();
        for (String example : of(command)) {
            text.append(text.length() == 0 ? "%nExamples:%n".formatted() : "")
                    .append("  ")
                    .append(example)
                    .append(System.lineSeparator());
        }
        return text.toString();
    }
}
