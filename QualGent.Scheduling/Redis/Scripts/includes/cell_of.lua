-- The id of a matrix's cell by its index: the opposite of matrix_of.
local function cell_of(matrix, index)
  return matrix .. '.' .. index
end
