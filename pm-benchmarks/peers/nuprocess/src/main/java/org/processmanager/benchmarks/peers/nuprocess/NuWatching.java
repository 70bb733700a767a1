package org.processmanager.benchmarks.peers.nuprocess;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcessBuilder;
import org.processmanager.benchmarks.multiprocess.Params;
import org.processmanager.benchmarks.multiprocess.process.Watching;

/** NuProcess's {@code onExit}. */
public final class NuWatching implements Watching {
    public NuWatching(Params settings) {}

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
