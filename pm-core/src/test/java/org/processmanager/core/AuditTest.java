package org.processmanager.core;

import org.junit.jupiter.api.Nested;

class AuditTest {
    @Nested
    class Posix extends AuditContract {}

    @Nested
    class Jdk extends AuditContract {}
}
