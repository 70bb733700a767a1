package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class CloseTest {
    @Nested
    class Posix extends CloseContract {}

    @Nested
    class Jdk extends CloseContract {}
}
