/* Sums over SPLIT parts of k, as [batch][SPLIT][rows][cols]: added in their order, and finished. Wants cell.cl and the
 * definitions of what follows the sums. */
kernel void sum_parts(global const SUM *parts, const ulong parts_first, const int rows, const int cols,
    const int members, const int batch, FINISH_PARAMS) {
    const int size = rows * cols, at = (int)get_global_id(0);
    if (at >= size * batch)
        return;
    const int member = at / size, element = at - member * size;
    const int row = element / cols, col = element - row * cols;
    parts += parts_first + (long)member * SPLIT * size + element;
    SUM total = 0;
    for (int part = 0; part < SPLIT; part++)
        total += parts[(long)part * size];
    FINISH_BEGIN(member / members, member % members);
    FINISH(total, row, col);
}
