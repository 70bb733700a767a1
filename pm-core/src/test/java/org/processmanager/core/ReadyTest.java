package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class ReadyTest {
    @Nested
    class Posix extends ReadyContract {}

    @Nested
    class Jdk extends ReadyContract {}
}
