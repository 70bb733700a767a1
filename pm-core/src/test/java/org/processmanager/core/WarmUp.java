package org.processmanager.core;

import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildProgram;

/** Loads the classes of which the build makes an archive for the children of tests. */
final class WarmUp implements ChildProgram {
    @Override
    public void register(ChildCommands commands) throws InterruptedException {
        try (ProcessManager pm = ProcessManager.create()) {
            pm.command("sh", "-c", "echo text").run();
            pm.command("sleep", "60").dieWithParent().acceptAnyExit().start().stop();
        }
    }
}
