package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class AdoptTest {
    @Nested
    class Posix extends AdoptContract {}

    @Nested
    class Jdk extends AdoptContract {}
}
