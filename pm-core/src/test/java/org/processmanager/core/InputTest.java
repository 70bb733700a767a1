package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class InputTest {
    @Nested
    class Posix extends InputContract {}

    @Nested
    class Jdk extends InputContract {}
}
