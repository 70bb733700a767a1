package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.ManagedProcess;
import org.processmanager.core.ProcessManager;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.examples.process.AdoptExample;
import org.processmanager.examples.process.DetachedExample;
import org.processmanager.examples.process.DialogueExample;
import org.processmanager.examples.process.ParallelExample;
import org.processmanager.examples.process.PipelineExample;
import org.processmanager.examples.process.TopTenExample;
import org.processmanager.fixtures.LeakCheck;

/** Examples of pm-core print what they promise, and leave nothing behind. */
@Timeout(180)
class ProcessExamplesIT {
    @RegisterExtension
    static final LeakCheck LEAKS = new LeakCheck()
            .after(NativeLayer::available)
            .allowing("descriptor of anon_inode:\\[event(poll|fd)\\].*"); // the library keeps them

    @RegisterExtension
    final Printed printed = new Printed();

    @Test
    void pipeline_countsWords() throws Exception {
        PipelineExample.main(new String[0]);
        printed.assertAsOnThePage(PipelineExample.class);
    }

    @Test
    void dialogue_answersEachQuestion() throws Exception {
        DialogueExample.main(new String[0]);
        printed.assertAsOnThePage(DialogueExample.class);
    }

    @Test
    void commands_keepTheirOrder() throws Exception {
        ParallelExample.main(new String[0]);
        printed.assertAsOnThePage(ParallelExample.class);
    }

    @Test
    void adoptedProcess_isStopped() throws Exception {
        AdoptExample.main(new String[0]);
        printed.assertAsOnThePage(AdoptExample.class);
    }

    @Test
    void topTen_beginsWithTheBusyProcess() throws Exception {
        TopTenExample.main(new String[0]);
        printed.assertAsOnThePage(TopTenExample.class);
    }

    @Test
    void detachedProcess_isFoundAgain() throws Exception {
        DetachedExample.main(new String[0]);
        printed.assertAsOnThePage(DetachedExample.class);
    }

    @Test
    void awaitSuccess_reportsFailedChild() {
        try (ProcessManager manager = ProcessManager.create()) {
            ManagedProcess child = Command.shell("echo oops >&2; exit 3")
                    .on(manager)
                    .name("child")
                    .start();
            String message = assertThrows(IllegalStateException.class, () -> ChildJava.awaitSuccess(child))
                    .getMessage();
            assertTrue(message.startsWith("child: exit code 3: oops"), message);
        }
    }
}
