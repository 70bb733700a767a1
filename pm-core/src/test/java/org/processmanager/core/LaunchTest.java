package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class LaunchTest {
    @Nested
    class Posix extends LaunchContract {}

    @Nested
    class Jdk extends LaunchContract {}
}
