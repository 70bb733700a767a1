package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.processmanager.core.supervise.ChildSpec;
import org.processmanager.core.supervise.Health;
import org.processmanager.core.supervise.Restart;
import org.processmanager.core.supervise.SupervisorSpec;
import org.processmanager.fixtures.PublicApi;

/** What the signatures of the public types show. */
class PublicApiTest {
    /** Values that change nothing but return changed copies. */
    private static final Set<Class<?>> VALUES = Set.of(
            Command.class,
            Pipeline.class,
            Output.class,
            Input.class,
            StopPolicy.class,
            JavaOptions.class,
            ResourceLimits.class,
            Restart.class,
            Health.class,
            ChildSpec.class,
            SupervisorSpec.class);

    private final PublicApi api = new PublicApi(
            ProcessManager.class,
            "org.processmanager.core",
            "org.processmanager.core.event",
            "org.processmanager.core.thread",
            "org.processmanager.core.monitor",
            "org.processmanager.core.registry",
            "org.processmanager.core.supervise");

    @Test
    void signatures_showPublicTypesOnly() {
        assertTrue(api.types().containsAll(VALUES), () -> api.types().toString());
        assertEquals(List.of(), api.hiddenTypesInSignatures());
    }

    @Test
    void changedCopies_areMarkedCheckReturnValue() throws Exception {
        List<String> unmarked = new ArrayList<>();
        for (Class<?> type : VALUES) {
            for (Method method : type.getMethods()) {
                boolean accessor = method.equals(Command.class.getMethod("stopPolicy"));
                if (VALUES.contains(method.getReturnType()) && !accessor && !isMarked(method)) {
                    unmarked.add(method.toString());
                }
            }
        }
        assertEquals(List.of(), unmarked);
    }

    @Test
    void running_isNotMarkedCheckReturnValue() throws Exception {
        for (Class<?> type : List.of(Command.class, Pipeline.class)) {
            for (String name : List.of("run", "start")) {
                Method method = type.getMethod(name);
                assertTrue(!isMarked(method) && Modifier.isPublic(method.getModifiers()), method::toString);
            }
        }
    }

    private static boolean isMarked(Method method) {
        return method.isAnnotationPresent(CheckReturnValue.class)
                || method.getDeclaringClass().isAnnotationPresent(CheckReturnValue.class);
    }
}
