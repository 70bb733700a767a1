package org.processmanager.core.internal.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.processmanager.core.Command;
import org.processmanager.core.LaunchLeaks;
import org.processmanager.fixtures.ChildCommands;
import org.processmanager.fixtures.ChildFailure;
import org.processmanager.fixtures.ChildJvm;
import org.processmanager.fixtures.ChildProgram;
import org.processmanager.fixtures.LeakCheck;
import org.processmanager.fixtures.Scenario;
import org.processmanager.fixtures.Tmp;

@Timeout(180)
class NativeLayerTest {
    @RegisterExtension
    static final LeakCheck LEAKS = LaunchLeaks.check();

    @RegisterExtension
    final Tmp tmp = new Tmp();

    static final class User implements ChildProgram {
        @Override
        public void register(ChildCommands commands) {
            commands.on("reason", args -> NativeLayer.unavailableReason());
            commands.on("require", args -> {
                NativeLayer.require("handing over descriptors");
                return "";
            });
            commands.on("run", args -> {
                for (int i = 0; i < 3; i++) {
                    Command.of("echo", "hi").run();
                }
                return Command.of("echo", "hi").run().stdoutText();
            });
            commands.on("status", args -> Command.shell("kill -9 $$")
                    .acceptAnyExit()
                    .run()
                    .status()
                    .toString());
        }
    }

    @Test
    void disabledLayer_usesThePortablePathAndLogsOnce() {
        try (ChildJvm child = ChildJvm.of(User.class)
                .property(NativeLayer.PROPERTY, "off")
                .property("org.slf4j.simpleLogger.defaultLogLevel", "info")
                .start()) {
            assertEquals("switched off by -Dorg.processmanager.native=off", child.call("reason"));
            assertEquals("hi\n", child.call("run"));
            assertEquals("exit code 137", child.call("status"), "the portable path cannot tell a signal");
            ChildFailure refused = assertThrows(ChildFailure.class, () -> child.call("require"));
            assertTrue(refused.getMessage().contains("handing over descriptors needs the native layer"));
            child.exit(0);
            child.waitFor(ChildJvm.WATCHDOG);
            String log = child.standardError();
            assertEquals(
                    1,
                    log.lines()
                            .filter(line -> line.contains("native layer off"))
                            .count(),
                    log);
        }
    }

    @Test
    void brokenLibrary_usesThePortablePath() {
        try (ChildJvm child = ChildJvm.of(User.class)
                .property(NativeLayer.PROPERTY, "on")
                .property("jna.nounpack", "true")
                .property("jna.nosys", "true")
                .property("jna.boot.library.path", "/no/such/directory")
                .start()) {
            String reason = child.call("reason");
            assertTrue(reason.startsWith("JNA cannot load"), reason);
            assertEquals("hi\n", child.call("run"));
        }
    }

    /** As JNA behaves with the library of another version, which {@code jna.boot.library.path} may lead to. */
    @Test
    @Scenario("public-platform/6")
    void incompatibleJna_usesThePortablePath() throws Exception {
        Path source = tmp.path("Native.java");
        java.nio.file.Files.writeString(source, """
                package com.sun.jna;
                public class Native {
                    public static final boolean DEBUG_LOAD = fail();
                    static boolean fail() {
                        throw new Error("incompatible");
                    }
                }
                """);
        Path classes = tmp.path("stub");
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()));
        try (ChildJvm child = ChildJvm.of(User.class)
                .property(NativeLayer.PROPERTY, "on")
                .options("-Xbootclasspath/a:" + classes)
                .start()) {
            assertEquals("JNA cannot load: java.lang.Error: incompatible", child.call("reason"));
            assertEquals("hi\n", child.call("run"));
        }
    }
}
