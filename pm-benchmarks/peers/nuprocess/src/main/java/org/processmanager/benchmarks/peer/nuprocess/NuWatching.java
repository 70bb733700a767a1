package org.processmanager.benchmarks.peer.nuprocess;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcessBuilder;
import org.processmanager.benchmarks.fork.Fields;
import org.processmanager.benchmarks.fork.process.Watching;

/** NuProcess's {@code onExit}. */
public final class NuWatching implements Watching {
    public NuWatching(Fields settings) {}

    @Override
    public long startChild(Runnable onExit) {
        return new NuProcessBuilder(
                        new NuAbstractProcessHandler() {
                            @Override
                            public void onExit(int code) {
                                onExit.run();
                            }
                        },
                        "cat")
                .start()
                .getPID();
    }
}
