package org.processmanager.benchmarks.multiprocess.message;

import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;

/** Two channels and two workers: one sends on the first channel, the other one returns each message on the second. */
public final class EchoChannels implements WorkerContext {
    private final Params settings;
    private final Transport there;
    private final Transport back;

    public EchoChannels(Params settings) throws ReflectiveOperationException {
        this.settings = settings;
        this.there = settings.with("channel", "there").adapter(Transport.class);
        this.back = settings.with("channel", "back").adapter(Transport.class);
    }

    boolean crossesProcesses() {
        return there.crossesProcesses();
    }

    List<String> variants() {
        return there.variants();
    }

    void create() throws Exception {
        there.create();
        back.create();
    }

    @Override
    public Role role(int index) {
        return index == 0 ? new PingRole(there, back, settings) : new EchoRole(there, back);
    }

    @Override
    public void close() throws Exception {
        there.close();
        back.close();
    }
}
