/**
 * Processes that outlive the JVM that starts them: {@link org.processmanager.core.registry.DetachedCommand} starts one,
 * {@link org.processmanager.core.registry.ProcessRegistry} finds it again from any process of the same user, by its name.
 *
 * <pre>{@code
 * pm.detached(pm.command("python3", "-m", "http.server", "8123")).name("web").restart(Restart.onFailure()).start();
 * // later, in another JVM
 * StopReport report = pm.registry().process("web").orElseThrow().stop();
 * }</pre>
 *
 * <p>Each detached process costs a small JVM that watches it. What need not outlive this JVM is started by
 * {@link org.processmanager.core.Command#start()}, or kept running by {@link org.processmanager.core.supervise}. What must
 * also survive a restart of the machine belongs to the system's service manager.
 */
@NullMarked
package org.processmanager.core.registry;

import org.jspecify.annotations.NullMarked;
