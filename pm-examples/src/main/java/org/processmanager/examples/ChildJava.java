package org.processmanager.examples;

import java.util.TreeSet;
import org.processmanager.core.Command;
import org.processmanager.core.JavaOptions;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.ProcessResult;

/** Runs classes of this program in small JVMs that start fast and log as this one does. */
public final class ChildJava {
    /** The system property with the class archive that this JVM was started with. */
    public static final String ARCHIVE = "pm.archive";

    private static final String LOGGING = "org.slf4j.";

    private ChildJava() {}

    /** Returns the command; the caller adds streams and credentials. */
    public static Command command(ProcessManager manager, Class<?> main, String... arguments) {
        JavaOptions options = JavaOptions.none()
                .option("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:-UsePerfData");
        String archive = System.getProperty(ARCHIVE);
        if (archive != null) { // a JVM that cannot use it starts without, and is not to write about it
            options = options.option("-XX:SharedArchiveFile=" + archive, "-Xlog:cds*=off,class+path*=off");
        }
        for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
            if (name.startsWith(LOGGING)) {
                options = options.property(name, System.getProperty(name));
            }
        }
        return manager.java(main, options).args(arguments);
    }

    /**
     * Waits for a child, whose result {@code await()} returns whatever it is.
     *
     * @throws IllegalStateException if it failed
     */
    public static ProcessResult awaitSuccess(ManagedProcess child) throws InterruptedException {
        ProcessResult result = child.await();
        if (!result.status().isExit(0)) {
            throw new IllegalStateException(child.name() + ": " + result.status() + ": " + result.stderrText());
        }
        return result;
    }
}
