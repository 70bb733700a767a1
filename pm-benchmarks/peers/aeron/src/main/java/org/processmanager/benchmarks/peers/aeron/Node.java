package org.processmanager.benchmarks.peers.aeron;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.concurrent.AgentInvoker;
import org.processmanager.benchmarks.multiprocess.Params;

/**
 * The client of this JVM, and in the fork's own JVM the media driver. Neither has a thread: a worker that waits does
 * their work meanwhile, so that two busy threads remain as with the other candidates.
 */
final class Node {
    private static Node node; // of this JVM

    private final AgentInvoker driver; // null in the other JVMs
    private final Aeron client;

    private Node(Params settings, boolean withDriver) {
        String directory = settings.scratch().resolve("aeron").toString();
        driver = withDriver ? launchDriver(settings, directory) : null;
        client = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory)
                .useConductorAgentInvoker(true)
                .preTouchMappedMemory(true)
                .driverAgentInvoker(driver));
    }

    private static AgentInvoker launchDriver(Params settings, String directory) {
        return MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(directory)
                        .threadingMode(ThreadingMode.INVOKER)
                        .ipcTermBufferLength(settings.number("capacity"))
                        .termBufferSparseFile(false)
                        .dirDeleteOnStart(true))
                .sharedAgentInvoker();
    }

    static synchronized Node withDriver(Params settings) {
        if (node == null) {
            node = new Node(settings, true);
        }
        return node;
    }

    static synchronized Node of(Params settings) {
        if (node == null) {
            node = new Node(settings, false);
        }
        return node;
    }

    Aeron client() {
        return client;
    }

    /** Performs the pending work of the client and the driver. */
    void work() {
        client.conductorAgentInvoker().invoke();
        if (driver != null) {
            driver.invoke();
        }
    }
}
