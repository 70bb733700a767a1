package org.processmanager.sync.internal.wait;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.fixtures.Tmp;
import org.processmanager.sync.OpenMode;
import org.processmanager.sync.internal.region.Region;
import org.processmanager.sync.internal.region.SharedObject;
import org.processmanager.sync.internal.region.file.RegionDirectory;
import org.processmanager.sync.internal.region.object.ObjectType;
import org.processmanager.sync.internal.region.park.Deadline;

class BroadcastWaitingTest {
    private static final ObjectType TYPE = ObjectType.of(1000, "test object", 1);

    @RegisterExtension
    final Tmp tmp = new Tmp();

    private static final class TestObject extends SharedObject {
        private final WakeWord word = new WakeWord(memory, parking, offset);
        private final BroadcastWaiting waiting = new BroadcastWaiting(this, word, "test.flagged", "test.woken");

        TestObject(Region region) {
            super(region, region.objects().findOrCreate("x", TYPE, new int[0], 64, null));
        }

        /** It can be reached only between arming the word and sleeping on it. */
        private final class ReachedWhenArmed implements Goal {
            private int successes;

            @Override
            public boolean attempt() {
                boolean reached = word.isArmed();
                successes += reached ? 1 : 0;
                return reached;
            }

            @Override
            public void searchDead() {
                throw new AssertionError("sleeps though the goal was reached");
            }
        }
    }

    @Test
    void goal_reachedWhileArming_isReachedOnce() throws InterruptedException {
        try (Region region = Region.open(RegionDirectory.resolve(tmp.name("w")), OpenMode.CREATE_NEW, 1 << 20)) {
            TestObject object = new TestObject(region);
            TestObject.ReachedWhenArmed goal = object.new ReachedWhenArmed();
            assertTrue(object.waiting.until(Deadline.after(Duration.ofSeconds(20)), goal));
            assertEquals(1, goal.successes);
        }
    }
}
