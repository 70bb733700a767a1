package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class ResultTest {
    @Nested
    class Posix extends ResultContract {}

    @Nested
    class Jdk extends ResultContract {}
}
