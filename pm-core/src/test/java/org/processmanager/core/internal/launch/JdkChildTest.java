package org.processmanager.core.internal.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.processmanager.core.internal.launch.io.Sinks;
import org.processmanager.core.internal.launch.jdk.JdkChild;
import org.processmanager.core.internal.launch.spec.LaunchSpec;

class JdkChildTest {
    @Test
    void exit_isReportedAlsoIfReleaseFails() throws Exception {
        LaunchSpec spec = LaunchSpec.quiet("true", List.of("true"));
        Process process = new ProcessBuilder("true").start();
        Runnable refused = () -> {
            throw new SecurityException("not yours");
        };
        ChildProcess child =
                new JdkChild(spec, process, Sinks.open(spec, Runnable::run), refused, System.nanoTime()).start();
        assertTrue(child.completion().get(60, TimeUnit.SECONDS).status().isExit(0));
    }
}
