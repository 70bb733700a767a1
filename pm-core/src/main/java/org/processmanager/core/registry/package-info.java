/**
 * Processes that outlive the JVM that starts them: {@link org.processmanager.core.registry.DetachedCommand} starts one,
 * {@link org.processmanager.core.registry.ProcessRegistry} finds it again from any process of the same user, by its name.
 */
@NullMarked
package org.processmanager.core.registry;

import org.jspecify.annotations.NullMarked;
