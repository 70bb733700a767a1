/**
 * The numbered menu, and a managed child JVM with a menu of its own.
 *
 * <pre>
 *   MainMenu --- ThreadEntries, ProcessEntries, Inbox ...          this process
 *       |
 *   ChildMenu -- ManagedChild ---- commands ----> ChildMain        a process of its own, with its own threads
 *                             &lt;---- replies -----
 * </pre>
 *
 * It reaches its user through a {@link org.processmanager.examples.app.menu.Dialog} and is independent of terminals.
 */
@NullMarked
package org.processmanager.examples.app.menu;

import org.jspecify.annotations.NullMarked;
