package org.processmanager.benchmarks.multiprocess.worker;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.processmanager.benchmarks.multiprocess.Params;

/** Starts JVMs with the Java, flags and class path of this one. */
public final class ChildJvm {
    private ChildJvm() {}

    /** Starts a JVM whose standard error is that of this JVM. */
    public static Process start(Class<?> main, String first, String second, Params settings) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName(), first, second));
        command.addAll(settings.toWords());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
