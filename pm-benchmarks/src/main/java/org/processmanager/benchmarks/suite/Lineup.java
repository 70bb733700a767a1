package org.processmanager.benchmarks.suite;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.ForkProgram;
import org.processmanager.benchmarks.suite.Program.Origin;

/** Collects the candidates of a case; those in Java run one program and differ in its adapter. */
final class Lineup {
    static final String NOT_BUILT = "not built in this version";

    private static final String PACKAGE = "org.processmanager.benchmarks.";

    private final String main;
    private final List<Candidate> candidates = new ArrayList<>();

    private Lineup(String main) {
        this.main = main;
    }

    static Lineup of(Class<? extends ForkProgram> main) {
        return new Lineup(main.getName());
    }

    /** @param adapter class in the package {@code ours} */
    Lineup ours(String name, String adapter, String... flags) {
        return java(name, new Origin.Ours(), "ours." + adapter, flags);
    }

    /** @param adapter class in the package {@code peer} */
    Lineup jdk(String name, String adapter) {
        return java(name, new Origin.Jdk(), "peer." + adapter);
    }

    /** @param adapter class under {@code peer}, in the sources of the peer's folder */
    Lineup peer(String name, Peer peer, String adapter) {
        return java(name, new Origin.Peer(peer.folder()), "peer." + adapter, peer.flags());
    }

    private Lineup java(String name, Origin origin, String adapter, String... flags) {
        Fields fields = Fields.of("adapter", PACKAGE + adapter);
        candidates.add(Candidate.runs(name, new Program.Java(origin, main, fields, List.of(flags))));
        return this;
    }

    Lineup c(String name, String program, Object... fields) {
        candidates.add(Candidate.c(name, program, fields));
        return this;
    }

    Lineup python(String name, String script) {
        candidates.add(Candidate.runs(name, new Program.Python(script, Fields.of())));
        return this;
    }

    Lineup absent(String name, String reason) {
        candidates.add(Candidate.absent(name, reason));
        return this;
    }

    List<Candidate> list() {
        return List.copyOf(candidates);
    }
}
