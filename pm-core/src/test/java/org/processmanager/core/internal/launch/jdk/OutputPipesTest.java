package org.processmanager.core.internal.launch.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.launch.spec.LaunchSpec;
import org.processmanager.core.internal.launch.spec.OutputSpec;
import org.processmanager.core.internal.posix.NativeLayer;

class OutputPipesTest {
    private final LaunchSpec spec = new LaunchSpec(List.of("cat")).ready(OutputSpec.CAPTURE);
    private final List<Process> processes = new ArrayList<>();
    private final List<OutputPipes> all = new ArrayList<>();

    @BeforeEach
    void needProc() {
        Assumptions.assumeTrue(NativeLayer.available(), "needs /proc");
    }

    @AfterEach
    void endProcesses() throws Exception {
        for (OutputPipes pipes : all) {
            pipes.release();
            pipes.close();
        }
        for (Process process : processes) {
            process.getOutputStream().close();
            process.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private Process start(String... command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }

    private OutputPipes of(Process process) {
        OutputPipes pipes = OutputPipes.of(process, spec);
        all.add(pipes);
        return pipes;
    }

    @Test
    void holders_areFoundByThePipesOfTheChild() throws Exception {
        Process known = start("cat");
        Process other = start("cat");
        assertEquals(List.of(known.pid()), of(known).holders());
        assertEquals(List.of(other.pid()), of(other).holders());
    }

    @Test
    void holdersOfUnknownPipes_areThoseOfNoOtherChild() throws Exception {
        of(start("cat"));
        Process gone = start("true");
        gone.waitFor();
        // As if the child had left it behind.
        Process holder = start("cat");
        assertEquals(List.of(holder.pid()), of(gone).holders());
    }

    @Test
    void writersToAPipeWithoutReader_areHolders() throws Exception {
        Process gone = start("sh", "-c", "sleep 20 & exec 1>&- 2>&-");
        gone.waitFor();
        gone.getInputStream().close();
        gone.getErrorStream().close();
        List<Long> holders = of(gone).holders();
        try {
            assertEquals(1, holders.size(), holders::toString);
        } finally {
            holders.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }
}
