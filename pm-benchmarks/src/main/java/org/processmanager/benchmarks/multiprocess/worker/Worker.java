package org.processmanager.benchmarks.multiprocess.worker;

import java.util.concurrent.CompletableFuture;
import org.processmanager.benchmarks.multiprocess.Params;

/** Performs commands sequentially. */
interface Worker extends AutoCloseable {
    CompletableFuture<Params> perform(Params command);

    @Override
    void close() throws Exception;
}
