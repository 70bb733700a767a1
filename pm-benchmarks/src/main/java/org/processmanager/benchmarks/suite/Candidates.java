package org.processmanager.benchmarks.suite;

import java.util.ArrayList;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.ForkProgram;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.suite.Program.Origin;

/** Builds the candidates of a case; those in Java run one program and differ in its adapter. */
final class Candidates {
    private static final String PACKAGE = "org.processmanager.benchmarks.";

    private final String main;
    private final List<Candidate> candidates = new ArrayList<>();

    private Candidates(String main) {
        this.main = main;
    }

    static Candidates of(Class<? extends ForkProgram> main) {
        return new Candidates(main.getName());
    }

    /**
     * Adds a candidate of this library.
     *
     * @param adapter class in the package {@code ours}
     */
    Candidates ours(String name, String adapter, String... flags) {
        return java(name, new Origin.Ours(), "ours." + adapter, Params.of(), flags);
    }

    /** Adds a channel of this library. */
    Candidates channel(String name, String scheme) {
        return java(name, new Origin.Ours(), "ours.ChannelTransport", Params.of("scheme", scheme));
    }

    /**
     * Adds a candidate of the JDK.
     *
     * @param adapter class in the package {@code peers}
     */
    Candidates jdk(String name, String adapter) {
        return java(name, new Origin.Jdk(), "peers." + adapter, Params.of());
    }

    /**
     * Adds a peer.
     *
     * @param adapter class under {@code peers}, in the sources of the peer
     */
    Candidates peer(String name, Peer peer, String adapter) {
        return java(name, new Origin.Peer(peer.directory()), "peers." + adapter, Params.of(), peer.flags());
    }

    private Candidates java(String name, Origin origin, String adapter, Params settings, String... flags) {
        Params params = settings.with("adapter", PACKAGE + adapter);
        candidates.add(Candidate.runs(name, new Program.Java(origin, main, params, List.of(flags))));
        return this;
    }

    Candidates c(String name, String program, Object... params) {
        candidates.add(Candidate.c(name, program, params));
        return this;
    }

    Candidates python(String name, String script) {
        candidates.add(Candidate.runs(name, new Program.Python(script, Params.of())));
        return this;
    }

    Candidates absent(String name, String reason) {
        candidates.add(Candidate.absent(name, reason));
        return this;
    }

    List<Candidate> list() {
        return List.copyOf(candidates);
    }
}
