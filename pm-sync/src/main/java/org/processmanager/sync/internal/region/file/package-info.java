/** Region files: creation, mapping, directories, errors of the file system. */
@NullMarked
package org.processmanager.sync.internal.region.file;

import org.jspecify.annotations.NullMarked;
