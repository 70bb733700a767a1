package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Program.Origin;

/** Test peers, resolved by Maven and compiled like real ones. */
@Tag("ci")
class IsolationIT {
    private static final String OURS = "org.processmanager.core.ProcessManager";
    private static final String OUR_ADAPTER = "org.processmanager.benchmarks.ours.ManagedLaunching";
    private static final String JDK_ADAPTER = "org.processmanager.benchmarks.peers.ProcessBuilderLaunching";
    private static final String PEER_ADAPTER = "peer.Looking";
    private static final String LOOKING = """
            package peer;

            import org.processmanager.benchmarks.multiprocess.Params;
            import org.processmanager.benchmarks.multiprocess.ForkProgram;
            import org.processmanager.benchmarks.multiprocess.Results;

            public final class Looking implements ForkProgram {
                @Override
                public void run(Params settings, Results results) {
                    for (String name : settings.text("classes").split(",")) {
                        results.note(name + " " + isVisible(name));
                    }
                }

                private static boolean isVisible(String name) {
                    try {
                        Class.forName(name);
                        return true;
                    } catch (ClassNotFoundException e) {
                        return false;
                    }
                }
            }
            """;
    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>made.up</groupId>
              <artifactId>%s</artifactId>
              <version>1</version>
              <packaging>pom</packaging>
              %s
            </project>
            """;

    @TempDir
    private static Path directory;

    private static Home home;
    private static Commands commands;
    private static UnavailableException brokenAdapter;

    /** Maven resolves both peers in one run; the second one does not compile. */
    @BeforeAll
    static void preparePeers() throws IOException {
        home = new Home(directory.resolve("benchmarks"), directory.resolve("cache"));
        createPeer("looking", LOOKING);
        createPeer("unusable", LOOKING.replace("isVisible(name))", "isHidden(name))"));
        String modules = "<modules><module>looking</module><module>unusable</module></modules>";
        Files.writeString(home.peers().resolve("pom.xml"), POM.formatted("peers", modules));
        commands = new Commands(home);
        brokenAdapter = assertThrows(
                UnavailableException.class, () -> commands.preparePeers(List.of(peer("looking"), peer("unusable"))));
    }

    private static void createPeer(String name, String source) throws IOException {
        Path peer = home.peers().resolve(name);
        Path file = peer.resolve("src/main/java/peer/Looking.java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, source);
        Files.writeString(peer.resolve("pom.xml"), POM.formatted(name, ""));
    }

    private static Candidate.Runs peer(String name) {
        return new Candidate.Runs(name, program(new Origin.Peer(name)));
    }

    @Test
    void peerFork_seesNoClassOfOurs() throws Exception {
        assertEquals(
                List.of(OURS + " false", OUR_ADAPTER + " false", JDK_ADAPTER + " true", PEER_ADAPTER + " true"),
                notes(commands, peer("looking").program()));
        try (Stream<Path> directories = Files.list(home.cache().resolve("peers"))) {
            assertEquals(1, directories.count(), "directories of peers that compiled");
        }
    }

    @Test
    void ourFork_seesNoClassOfPeer() throws Exception {
        assertFalse(commands.classPath(new Origin.Ours()).contains(home.cache().toString()));
        assertFalse(commands.classPath(new Origin.Jdk()).contains("looking"));
        assertFalse(commands.classPath(new Origin.Jdk()).contains("pm-core"));
    }

    @Test
    void prepare_brokenAdapter_isReported() {
        String message = brokenAdapter.getMessage();
        assertTrue(message.contains("Looking.java") && message.contains("isHidden"), message);
    }

    private static Program.Java program(Origin origin) {
        String classes = String.join(",", OURS, OUR_ADAPTER, JDK_ADAPTER, PEER_ADAPTER);
        return new Program.Java(origin, PEER_ADAPTER, Params.of("classes", classes), List.of());
    }

    private static List<String> notes(Commands commands, Program program) throws Exception {
        try (Fork fork = Fork.start(scratch -> commands.command(program, List.of(), Params.of("scratch", scratch)))) {
            ForkOutcome outcome = fork.await(Duration.ofSeconds(60));
            assertEquals("", outcome.failure());
            return outcome.notes();
        }
    }
}
