/** What the forms of the mapped channel have in common. */
@NullMarked
package org.processmanager.ipc.internal.channel;

import org.jspecify.annotations.NullMarked;
