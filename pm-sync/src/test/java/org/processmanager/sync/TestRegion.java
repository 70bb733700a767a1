package org.processmanager.sync;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.CrashPoints;
import org.processmanager.fixtures.Evidence;
import org.processmanager.fixtures.Tmp;

/**
 * The region that a test shares with its children: created before each test, closed and deleted after it, and preserved as
 * evidence if it fails.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestRegion region = new TestRegion();
 *
 * try (ChildJvm victim = region.victim("mutex.taken")) {
 *     victim.send("acquire", "mutex");
 *     CrashPoints.assertCrashed(victim);
 * }
 * }</pre>
 */
final class TestRegion implements BeforeEachCallback, AfterTestExecutionCallback, AfterEachCallback {
    private final Tmp tmp = new Tmp();
    private final Evidence evidence = new Evidence();

    private Path path;
    private SharedMemory memory;

    Path path() {
        return path;
    }

    /** The region as this process has opened it. */
    SharedMemory memory() {
        return memory;
    }

    /** Starts a process that has opened the region. */
    ChildJvm party() {
        return opened(ChildJvm.start(Party.class));
    }

    /** Starts a process that has opened the region, and is killed when it first reaches a crash point. */
    ChildJvm victim(String point) {
        return victim(point, 1);
    }

    /** Starts a process that has opened the region, and is killed when it reaches a crash point for the n-th time. */
    ChildJvm victim(String point, int nth) {
        return opened(CrashPoints.start(Party.class, point, nth));
    }

    private ChildJvm opened(ChildJvm party) {
        party.call("open", path);
        return party;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        path = evidence.keep(tmp.sharedFile("region"));
        memory = SharedMemory.create(tmp.name("region"), Party.BYTES);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) throws IOException {
        evidence.afterTestExecution(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        memory.close();
        tmp.afterEach(context);
    }
}
