package org.processmanager.benchmarks.fork.crew;

import java.util.concurrent.CompletableFuture;
import org.processmanager.benchmarks.fork.Fields;

/** Somebody who does one command after another. */
interface Member extends AutoCloseable {
    CompletableFuture<Fields> perform(Fields command);

    @Override
    void close() throws Exception;
}
