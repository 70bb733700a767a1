package org.processmanager.benchmarks.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Program.Origin;

/** A made-up peer, resolved by Maven and compiled as a real one is. */
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
    private Path directory;

    private Home home;
    private Path source;

    @BeforeEach
    void makePeer() throws IOException {
        home = new Home(directory.resolve("benchmarks"), directory.resolve("cache"));
        Path peer = home.peers().resolve("looking");
        source = peer.resolve("src/main/java/peer/Looking.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, LOOKING);
        Files.writeString(peer.resolve("pom.xml"), POM.formatted("looking", ""));
        Files.writeString(
                home.peers().resolve("pom.xml"), POM.formatted("peers", "<modules><module>looking</module></modules>"));
    }

    @Test
    void forkOfAPeer_seesNoClassOfOurs() throws Exception {
        Commands commands = new Commands(home);
        Candidate.Runs candidate = new Candidate.Runs("looking", program(new Origin.Peer("looking")));
        commands.preparePeers(List.of(candidate));
        assertEquals(
                List.of(OURS + " false", OUR_ADAPTER + " false", JDK_ADAPTER + " true", PEER_ADAPTER + " true"),
                notes(commands, candidate.program()));
        assertTrue(Files.list(home.cache().resolve("peers")).count() == 1, "one directory, no other left behind");
    }

    @Test
    void forkOfOurs_seesNoClassOfAPeer() throws Exception {
        Commands commands = new Commands(home);
        commands.preparePeers(List.of(new Candidate.Runs("looking", program(new Origin.Peer("looking")))));
        assertTrue(!commands.classPath(new Origin.Ours()).contains(home.cache().toString()));
        assertTrue(!commands.classPath(new Origin.Jdk()).contains("looking"));
        assertTrue(!commands.classPath(new Origin.Jdk()).contains("pm-core"));
    }

    @Test
    void prepare_saysWhichAdapterDoesNotCompile() throws Exception {
        Files.writeString(source, LOOKING.replace("isVisible(name))", "isHidden(name))"));
        Commands commands = new Commands(home);
        UnavailableException e = assertThrows(
                UnavailableException.class,
                () -> commands.preparePeers(
                        List.of(new Candidate.Runs("looking", program(new Origin.Peer("looking"))))));
        assertTrue(e.getMessage().contains("Looking.java") && e.getMessage().contains("isHidden"), e.getMessage());
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
