package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.sync.ConfigurationExample;
import org.processmanager.examples.sync.JobQueueExample;
import org.processmanager.examples.sync.RateLimitExample;
import org.processmanager.examples.sync.ReadersAndWriterExample;
import org.processmanager.examples.sync.RendezvousExample;
import org.processmanager.examples.sync.SingleInstanceExample;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Tmp;

/** Examples of pm-sync print what they promise, and leave nothing behind; run here, their children as processes. */
@Timeout(180)
class SyncExamplesIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(NativeLayer::available)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*"); // the library keeps them

    @RegisterExtension
    final Printed printed = new Printed();

    @AfterEach
    void regionIsDeleted() {
        String region = "example-" + ProcessHandle.current().pid();
        assertFalse(Files.exists(Tmp.sharedDirectory().resolve(region)), "the region is left");
    }

    @Test
    void readers_neverSeeHalfOfAChange() throws Exception {
        ReadersAndWriterExample.main(new String[0]);
        printed.assertAsOnThePage(ReadersAndWriterExample.class);
    }

    @Test
    void parties_computeInRounds() throws Exception {
        RendezvousExample.main(new String[0]);
        printed.assertAsOnThePage(RendezvousExample.class);
    }

    @Test
    void secondInstance_runsAfterTheFirstOne() throws Exception {
        SingleInstanceExample.main(new String[0]);
        String text = printed.text().replaceAll("process [0-9]+", "process N");
        assertEquals(ExamplesPage.output(SingleInstanceExample.class), text);
    }

    @Test
    void requests_keepTheirRate() throws Exception {
        RateLimitExample.main(new String[0]);
        printed.assertAsOnThePage(RateLimitExample.class);
    }

    @Test
    void jobs_ofKilledWorker_areDone() throws Exception {
        JobQueueExample.main(new String[0]);
        printed.assertAsOnThePage(JobQueueExample.class);
    }

    @Test
    void followers_applyEachConfiguration() throws Exception {
        ConfigurationExample.main(new String[0]);
        printed.assertAsOnThePage(ConfigurationExample.class);
    }
}
