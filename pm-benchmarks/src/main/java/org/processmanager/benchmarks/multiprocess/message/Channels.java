package org.processmanager.benchmarks.multiprocess.message;

import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.worker.Role;
import org.processmanager.benchmarks.multiprocess.worker.WorkerContext;

/**
 * One channel with its workers: first the receivers, so that the first of them is in the fork's own JVM, then the
 * senders.
 */
public final class Channels implements WorkerContext {
    private final Params settings;
    private final Transport transport;

    public Channels(Params settings) throws ReflectiveOperationException {
        this.settings = settings;
        this.transport = settings.with("channel", "ring").adapter(Transport.class);
    }

    Transport transport() {
        return transport;
    }

    @Override
    public Role role(int index) {
        int receivers = settings.number("receivers");
        return index < receivers
                ? new ReceiverRole(transport, index, settings)
                : new SenderRole(transport, index - receivers, settings);
    }

    @Override
    public void close() throws Exception {
        transport.close();
    }
}
