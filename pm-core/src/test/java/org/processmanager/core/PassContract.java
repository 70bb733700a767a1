package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.processmanager.core.event.ProcessEvent;
import org.processmanager.core.internal.posix.NativeLayer;
import org.processmanager.fixtures.Scenario;

/** Passing resources to children, which find them announced in their environment. */
abstract class PassContract extends LauncherContract {
    /** Doubles the number that the resource holds, as any program would that knows the documented form alone. */
    private static final String DOUBLE = """
            import os
            form, value = os.environ["PM_RESOURCE_NUMBER"].split(":", 1)
            with os.fdopen(int(value), "r+b") if form == "fd" else open(value, "r+b") as f:
                number = int(f.read())
                f.seek(0)
                f.write(str(2 * number).encode())
            """;

    private Path fileWith(String text) throws Exception {
        return Files.writeString(tmp.path("resource"), text);
    }

    private void assumeDescriptors() {
        Assumptions.assumeTrue(isPosix() && NativeLayer.available(), "ProcessBuilder passes no descriptors on");
    }

    @Test
    void pythonChild_usesTheDescriptor() throws Exception {
        assumeDescriptors();
        Path file = fileWith("21");
        pm.command("python3", "-c", DOUBLE)
                .pass("number", Inheritable.opened(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
                .run();
        assertEquals("42", Files.readString(file));
    }

    @Test
    void pythonChild_opensTheAnnouncedFile() throws Exception {
        Path file = fileWith("4");
        pm.command("python3", "-c", DOUBLE)
                .pass("number", Inheritable.named(file))
                .run();
        assertEquals("8", Files.readString(file));
    }

    @Test
    @Scenario("process/13")
    void child_seesStreamsAndPassedDescriptors() throws Exception {
        assumeDescriptors();
        Path file = fileWith("text");
        // ls itself opens the directory that it lists, at the next free number.
        ProcessResult result = pm.command("sh", "-c", "ls /proc/self/fd; cat <&3 <&4; env | grep -c ^PM_RESOURCE_")
                .pass("second", Inheritable.opened(file))
                .pass("first", Inheritable.opened(file))
                .pass("by_name", Inheritable.named(file))
                .run();
        assertEquals("0\n1\n2\n3\n4\n5\ntext3\n", result.stdoutText());
    }

    @Test
    void unopenableFile_failsTheLaunchByName() {
        assumeDescriptors();
        Inheritable missing = Inheritable.opened(tmp.path("missing"));
        ProcessManagerException e = assertThrows(ProcessManagerException.class, missing::openForChild);
        assertEquals(ProcessManagerException.class, e.getClass());
        assertTrue(e.getMessage().contains(tmp.path("missing").toString()), e::getMessage);
        LaunchException launch = assertThrows(
                LaunchException.class,
                () -> pm.command("true").pass("it", missing).run());
        assertTrue(launch.getMessage().contains("cannot pass PM_RESOURCE_IT to true: "), launch::getMessage);
    }

    @Test
    void exhaustedResource_failsTheLaunchAsSuch() {
        assumeDescriptors();
        List<ProcessEvent> events = Collections.synchronizedList(new ArrayList<>());
        pm.addListener(events::add);
        ResourcesExhaustedException nothing = new ResourcesExhaustedException("no slot is free", null);
        Inheritable resource = () -> {
            throw nothing;
        };
        LaunchException e = LaunchFailures.assertFails(
                LaunchException.Reason.RESOURCES_EXHAUSTED,
                () -> pm.command("true").pass("it", resource).run());
        assertSame(nothing, e.getCause());
        assertEquals("cannot pass PM_RESOURCE_IT to true: no slot is free", e.getMessage());
        pm.close();
        assertEquals(1, events.size());
        assertInstanceOf(ProcessEvent.LaunchFailed.class, events.get(0));
    }

    @Test
    void descriptor_isNewAtEachLaunchAndClosed() throws Exception {
        assumeDescriptors();
        Path file = fileWith("text");
        List<Integer> opened = new ArrayList<>();
        Inheritable resource = () -> {
            int fd = Inheritable.opened(file).openForChild();
            opened.add(fd);
            return fd;
        };
        Command command = pm.command("sh", "-c", "cat <&${PM_RESOURCE_IT#fd:}").pass("it", resource);
        assertEquals("text", command.run().stdoutText());
        assertEquals("text", command.run().stdoutText());
        LaunchFailures.assertFails(
                LaunchException.Reason.NOT_FOUND,
                () -> pm.command("no-such-program-at-all").pass("it", resource).run());
        LaunchFailures.assertFails(
                LaunchException.Reason.NOT_EXECUTABLE,
                () -> pm.command(file.toString()).pass("it", resource).run());
        assertEquals(3, opened.size(), "a missing program is known before anything is opened");
        for (int fd : opened) {
            assertFalse(refersTo(fd, file));
        }
    }

    /** A free number may be used by another thread next. */
    private static boolean refersTo(int fd, Path file) throws IOException {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd", "" + fd)).equals(file.toRealPath());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Test
    void resourceThatCannotBeOpened_startsNothing() {
        assumeDescriptors();
        Command command = pm.command("touch", tmp.path("started").toString());
        LaunchException missing =
                assertThrows(LaunchException.class, () -> command.pass("it", Inheritable.opened(tmp.path("missing")))
                        .run());
        assertTrue(missing.getMessage().contains("PM_RESOURCE_IT to touch"), missing::getMessage);
        assertThrows(
                IllegalStateException.class, () -> command.pass("it", () -> -1).run());
        assertThrows(
                IllegalStateException.class, () -> command.pass("it", () -> 2).run());
        assertThrows(ArithmeticException.class, () -> command.pass("it", () -> {
                    throw new ArithmeticException("of the user's own");
                })
                .run());
        assertTrue(Files.notExists(tmp.path("started")));
    }

    @Test
    void descriptorOnPortablePath_isRefusedByName() {
        Assumptions.assumeFalse(isPosix());
        UnsupportedOperationException refused =
                assertThrows(UnsupportedOperationException.class, () -> pm.command("touch", "" + tmp.path("started"))
                        .pass("number", () -> 7)
                        .run());
        assertTrue(refused.getMessage().contains("PM_RESOURCE_NUMBER"), refused::getMessage);
        assertTrue(Files.notExists(tmp.path("started")));
    }

    @Test
    void names_areCheckedAndReplaceEachOther() throws Exception {
        Inheritable it = Inheritable.named(Path.of("/x"));
        for (String name : List.of("", "1a", "a-b", "a=b", "ä", "a b", "a".repeat(101))) {
            assertThrows(
                    IllegalArgumentException.class, () -> Command.of("true").pass(name, it), name);
        }
        ProcessResult result = pm.command("sh", "-c", "echo $PM_RESOURCE_A_1")
                .pass("a_1", it)
                .pass("A_1", Inheritable.named(Path.of("/y")))
                .charset(StandardCharsets.UTF_8)
                .run();
        assertEquals("file:/y\n", result.stdoutText());
    }
}
