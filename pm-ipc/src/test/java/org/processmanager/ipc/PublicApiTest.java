package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.processmanager.core.CheckReturnValue;
import org.processmanager.fixtures.PublicApi;

/** The signatures of the public types. */
class PublicApiTest {
    private final PublicApi api = new PublicApi(Ipc.class, "org.processmanager.ipc");

    @Test
    void signatures_showPublicTypesOnly() {
        assertTrue(api.types().contains(MessageSender.class), () -> api.types().toString());
        assertEquals(List.of(), api.hiddenTypesInSignatures());
    }

    @Test
    void sendStatus_isMarkedCheckReturnValue() {
        List<String> unmarked = new ArrayList<>();
        for (Class<?> type : List.of(MessageSender.class, Batch.class)) {
            for (Method method : type.getMethods()) {
                if (method.getReturnType() == SendStatus.class && !method.isAnnotationPresent(CheckReturnValue.class)) {
                    unmarked.add(method.toString());
                }
            }
        }
        assertEquals(List.of(), unmarked);
    }
}
