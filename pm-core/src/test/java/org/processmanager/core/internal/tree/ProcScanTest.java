package org.processmanager.core.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.fixtures.LeakCheck;

@EnabledOnOs(OS.LINUX)
class ProcScanTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    @Test
    void fresh_isNotOlderThanTheCall() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(6);
        try (ProcessManager pm = ProcessManager.create()) {
            List<Callable<Void>> calls = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                calls.add(() -> {
                    ManagedProcess process = pm.command("sleep", "30").start();
                    int pid = (int) process.pid();
                    assertTrue(ProcScan.fresh().containsKey(pid), "seen from its start on");
                    process.kill();
                    process.await();
                    ProcStat after = ProcScan.fresh().get(pid);
                    assertTrue(
                            after == null
                                    || after.parent() != ProcessHandle.current().pid(),
                            "and no longer");
                    return null;
                });
            }
            for (Future<Void> call : pool.invokeAll(calls)) {
                call.get();
            }
            assertEquals(List.of(), pm.processes());
        } finally {
            pool.shutdownNow();
        }
    }
}
