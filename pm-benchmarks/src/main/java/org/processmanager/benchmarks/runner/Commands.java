package org.processmanager.benchmarks.runner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.processmanager.benchmarks.multiprocess.ForkMain;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.IdleChildren;
import org.processmanager.benchmarks.suite.Candidate;
import org.processmanager.benchmarks.suite.Program;
import org.processmanager.benchmarks.suite.Program.Origin;

/** Creates the command line of a fork, and so decides which classes a candidate sees. */
public final class Commands {
    private static final int FIRST_RELEASE_THAT_WARNS = 24;

    private final Path forkClasses;
    private final PeerClasses peers;
    private final CPrograms c;
    private final Path python;

    public Commands(Home home) throws IOException {
        forkClasses = ForkClasses.copyTo(home.cache());
        peers = new PeerClasses(home, forkClasses);
        c = new CPrograms(home);
        python = home.python();
    }

    /** Resolves and compiles what these candidates need in Java. */
    void preparePeers(Collection<? extends Candidate> candidates) throws IOException, UnavailableException {
        TreeSet<String> names = new TreeSet<>();
        for (Candidate candidate : candidates) {
            if (candidate instanceof Candidate.Runs runs
                    && runs.program() instanceof Program.Java java
                    && java.origin() instanceof Origin.Peer peer) {
                names.add(peer.name());
            }
        }
        peers.prepare(names);
    }

    /**
     * Compiles the program if necessary.
     *
     * @throws UnavailableException if something that it needs is missing
     */
    void prepare(Program program) throws IOException, UnavailableException {
        command(program, List.of(), Params.of());
    }

    /**
     * Creates the command line.
     *
     * @param flags of every JVM of the case
     */
    List<String> command(Program program, List<String> flags, Params params) throws IOException, UnavailableException {
        List<String> command = new ArrayList<>();
        if (program instanceof Program.Java java) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(flags);
            command.addAll(java.flags());
            command.addAll(nativeAccess(java.origin()));
            command.addAll(List.of("-cp", classPath(java.origin()), ForkMain.class.getName(), java.main()));
        } else if (program instanceof Program.C source) {
            command.add(c.compile(source.source()).toString());
        } else if (program instanceof Program.Python script) {
            command.add(Tool.need("python3").toString());
            command.add(python.resolve(script.script()).toString());
        }
        command.addAll(withIdler(params).with(program.params()).toWords());
        return command;
    }

    /** Adds the program of idle children, which is the same for every candidate. */
    private Params withIdler(Params params) throws IOException {
        Optional<Path> idler = params.has(IdleChildren.COUNT) ? c.idler() : Optional.empty();
        return idler.isPresent() ? params.with(IdleChildren.PROGRAM, idler.get()) : params;
    }

    String classPath(Origin origin) throws UnavailableException {
        if (origin instanceof Origin.Peer peer) {
            return peers.classPath(peer.name());
        }
        return origin instanceof Origin.Ours ? System.getProperty("java.class.path") : forkClasses.toString();
    }

    /** Suppresses a warning for candidates that use JNA; has no other effect. */
    private static List<String> nativeAccess(Origin origin) {
        boolean warns = Runtime.version().feature() >= FIRST_RELEASE_THAT_WARNS;
        return warns && !(origin instanceof Origin.Jdk) ? List.of("--enable-native-access=ALL-UNNAMED") : List.of();
    }
}
