package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class SupervisorTest {
    @Nested
    class Posix extends SupervisorContract {}

    @Nested
    class Jdk extends SupervisorContract {}
}
