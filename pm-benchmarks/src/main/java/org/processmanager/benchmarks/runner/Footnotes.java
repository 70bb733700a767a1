package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Program.Origin;

/** Lines about the candidates of a report: versions, and the JVM flags that they need. */
public final class Footnotes {
    private static final Pattern DEPENDENCY =
            Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>\\s*</dependency>");

    private Footnotes() {}

    public static List<String> of(Home home, Collection<Candidate> candidates) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (Candidate candidate : candidates) {
            if (!(candidate instanceof Candidate.Runs runs)) {
                continue;
            }
            if (runs.program() instanceof Program.Java java) {
                lines.putIfAbsent(runs.name(), runs.name() + ": " + origin(home, java.origin()) + flags(java.flags()));
            } else if (runs.program() instanceof Program.C) {
                lines.putIfAbsent("C", "programs in C, by cc -O2: " + firstLine("cc", "--version"));
            } else if (runs.program() instanceof Program.Python) {
                lines.putIfAbsent("Python", "programs in Python: " + firstLine("python3", "--version"));
            }
        }
        return new ArrayList<>(lines.values());
    }

    private static String origin(Home home, Origin origin) {
        if (origin instanceof Origin.Peer peer) {
            return versions(home.peers().resolve(peer.name()).resolve("pom.xml"));
        }
        return origin instanceof Origin.Ours ? "this library" : "the JDK";
    }

    private static String versions(Path pom) {
        try {
            List<String> found = new ArrayList<>();
            Matcher matcher = DEPENDENCY.matcher(Files.readString(pom));
            while (matcher.find()) {
                found.add(matcher.group(1) + " " + matcher.group(2));
            }
            return String.join(", ", found);
        } catch (IOException e) {
            return "unknown version";
        }
    }

    private static String flags(List<String> flags) {
        return flags.isEmpty() ? ", no JVM flag" : ", JVM flags " + String.join(" ", flags);
    }

    private static String firstLine(String... command) {
        try {
            return Tool.run(List.of(command), Path.of("/")).lines().findFirst().orElse("");
        } catch (IOException | UnavailableException e) {
            return "absent";
        }
    }
}
