package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PassTest {
    @Nested
    class Posix extends PassContract {}

    @Nested
    class Jdk extends PassContract {}

    @Test
    void announcements_areReadAsDocumented() {
        assertEquals(
                new InheritedResources("A", OptionalInt.of(7), Path.of("/proc/self/fd/7")),
                InheritedResources.parse("PM_RESOURCE_A", "fd:7"));
        assertEquals(
                new InheritedResources("A", OptionalInt.empty(), Path.of("/x/fd:7 b")),
                InheritedResources.parse("PM_RESOURCE_A", "file:/x/fd:7 b"));
        for (String bad : new String[] {"", "7", "fd:", "fd:-1", "fd:x", "file:relative", "file:/a\0b"}) {
            ProcessManagerException refused =
                    assertThrows(ProcessManagerException.class, () -> InheritedResources.parse("PM_RESOURCE_A", bad));
            assertTrue(refused.getMessage().contains("PM_RESOURCE_A"), refused::getMessage);
        }
    }

    @Test
    void optionsThatNoDescriptorHas_areRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Inheritable.opened(Path.of("x"), StandardOpenOption.DELETE_ON_CLOSE));
    }

    @Test
    void resourceThatWasNotPassed_isEmpty() {
        assertTrue(InheritedResources.find("nobody_hands_this_over").isEmpty());
        assertThrows(IllegalArgumentException.class, () -> InheritedResources.find("a b"));
    }
}
